"""Learning in a process of its own: jobs go in, reports come out, the trained model among them first."""

from app.job_report import Cancelled, Failed
from app.learning.job import Curve, Done, Ended, FitJob, Progress, Report, Scored, Task, Trained
from app.learning.process import Learning

__all__ = [
    "Cancelled",
    "Curve",
    "Done",
    "Ended",
    "Failed",
    "FitJob",
    "Learning",
    "Progress",
    "Report",
    "Scored",
    "Task",
    "Trained",
]
