import time,socket
from app.dispatcher_process import DispatcherProcess
from app.dispatcher import *
from app.device.base import DeviceSpec
from app.event import *
if __name__=="__main__":
    s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(("127.0.0.1",0)); s.settimeout(2)
    d=DispatcherProcess(len(__import__("sys").argv)<2); t=time.perf_counter(); d.start(); print("start",time.perf_counter()-t)
    d.send(Configure((DeviceSpec("osc","osc",(("host","127.0.0.1"),("port",s.getsockname()[1]))),)))
    d.send(Play(0.0,("osc",),NoteOn(0,"composer",60,100)))
    print(s.recv(100), time.perf_counter()-t)
    n=time.perf_counter()
    for i in range(100):
        d.send_all([Play(n+.05+i*.02,("osc",),NoteOn(i,"composer",61,100)),Play(n+.06+i*.02,("osc",),NoteOff(i,"composer",61)),Ping()]); time.sleep(max(0,n+i*.02-time.perf_counter()))
    time.sleep(.2)
    late=[]
    for r in d.poll():
        if isinstance(r,Report): late+=r.late_ms
        print(r if not isinstance(r,Report) else (r.sent,r.sounding,r.realtime,r.dropped,r.errors))
    late.sort(); print(len(late), late[len(late)//2], late[int(len(late)*.99)], late[-1])
    t=time.perf_counter(); d.stop(); print("stop",time.perf_counter()-t,d.alive)
