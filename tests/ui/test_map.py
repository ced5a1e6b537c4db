"""The map: where examples lie, what the pointer says, what it costs."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from tests.example import clusters
from tests.ui.rig import Rig, dataset, pointer_on
from ui.widget.plane import pad_place, plane_of


def test_two_features_lie_where_the_pointer_was(studio: Rig) -> None:
    pointer_on(studio)
    studio.record(Qt.Key.Key_1, 0.25, 0.75)
    studio.point(0.5, 0.5)
    view = studio.window.studio.listener[0].map
    studio.turn()
    assert view.here is not None
    assert view.here.x() == pytest.approx(view.box.center().x(), abs=1)
    assert view.here.y() == pytest.approx(view.box.center().y(), abs=1)
    assert pad_place(view.box.topRight(), view.box) == (1.0, 1.0)


def test_the_pointer_is_heard_only_over_the_map_and_only_when_on(studio: Rig) -> None:
    studio.point(0.5, 0.5)
    assert studio.engine.snapshot.listener.heard == 0
    pointer_on(studio)
    studio.point(0.5, 0.6)
    assert studio.engine.snapshot.listener.newest == pytest.approx((0.5, 0.6), abs=0.01)
    view = studio.window.studio.listener[0].map
    view.leaveEvent(None)  # type: ignore[arg-type]
    studio.play(0.1)
    heard = studio.engine.snapshot.listener.heard
    studio.play(0.1)
    assert studio.engine.snapshot.listener.heard == heard


def test_many_features_are_laid_flat_at_one_scale() -> None:
    plane = plane_of(clusters(200, 8, 3))
    assert plane.map is not None
    assert plane.equal
    again = plane_of(clusters(220, 8, 3), plane)
    assert plane.point((0.0,) * 5) is None
    assert np.isfinite(again.points(clusters(10, 8).inputs)).all()


def test_points_that_come_while_recording_are_added_not_painted_anew(studio: Rig) -> None:
    pointer_on(studio)
    studio.record(Qt.Key.Key_1, 0.3, 0.3, count=20)
    view = studio.window.studio.listener[0].map
    view.grab()
    before, drawn = view._picture, view._drawn
    studio.hold(Qt.Key.Key_1)
    for _ in range(3):
        studio.point(0.31, 0.3)
    view.grab()
    assert view._picture is before
    assert drawn < view._drawn <= len(dataset(studio))
    studio.let_go(Qt.Key.Key_1)


def test_shapes_differ_from_label_to_label(rig: Rig) -> None:
    from PySide6.QtGui import QImage, QPainter

    from ui.widget.shape import paint_shape

    seen = set()
    for colour in range(9):
        image = QImage(24, 24, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        paint_shape(painter, rig.window.desk.look, colour, QPointF(12, 12), 18, rig.window.desk.look.color("text"))
        painter.end()
        seen.add(bytes(image.constBits()))
    assert len(seen) == 9
