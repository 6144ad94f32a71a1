"""Spark for tests: `local[2]`, and a standalone cluster of a master and two workers on loopback.

One JVM holds one Spark context, so a process has one session at a time: asking for the other kind stops the first.
Everything binds 127.0.0.1 and free ports, keeps its files in one temporary folder, and ends with the test run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.peers import processes

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

KINDS = ("local", "cluster")
WORKERS = 2
_PATIENCE = 400.0

# Short-lived JVMs on two cores: without the second compiler and threads for garbage they take half the CPU time
_FAST = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
_JVM = f"-Duser.timezone=UTC {_FAST}"
_ENV = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LAUNCHER_OPTS": _FAST, "PYSPARK_PYTHON": sys.executable}


def unavailable() -> str | None:
    """Why Spark can't run here, as a sentence, or None where it can."""
    home = os.environ.get("JAVA_HOME")
    java = f"{home}/bin/java" if home else shutil.which("java")
    said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr if java else ""
    version = re.search(r'version "(\d+)', said)
    if version and int(version.group(1)) >= 17:
        return None
    return "Spark needs Java 17: apt install openjdk-17-jre-headless"


class Cluster:
    """A standalone master and two workers of one core each."""

    def __init__(self, folder: Path) -> None:
        self._processes: list[subprocess.Popen[Any]] = []
        folder.mkdir()
        try:
            self.master = self._start_master(folder)
            for number in range(1, WORKERS + 1):
                self._start_worker(folder, number)
            self._wait_for(folder / "master.log", r"Registering worker", times=WORKERS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        while self._processes:
            processes.stop(self._processes.pop())

    def _start_master(self, folder: Path) -> str:
        log = folder / "master.log"
        self._start("master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0", log=log)
        return self._wait_for(log, r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")

    def _start_worker(self, folder: Path, number: int) -> None:
        self._start(
            "worker.Worker",
            *("--host", "127.0.0.1", "--port", "0", "--webui-port", "0", "--cores", "1", "--memory", "1g"),
            *("--work-dir", str(folder / f"worker-{number}"), self.master),
            log=folder / f"worker-{number}.log",
        )

    def _start(self, name: str, *options: str, log: Path) -> None:
        import pyspark

        spark_class = Path(pyspark.__file__).parent / "bin" / "spark-class"
        env = {**_ENV, "SPARK_DAEMON_MEMORY": "512m", "SPARK_DAEMON_JAVA_OPTS": _JVM}
        words = [str(spark_class), f"org.apache.spark.deploy.{name}", *options]
        self._processes.append(processes.start(words, log=log, env=env))

    def _wait_for(self, log: Path, pattern: str, *, times: int = 1) -> str:
        """Wait until a pattern stands in a log so many times; return its last group, or the match."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            found = list(re.finditer(pattern, log.read_text(errors="replace")))
            if len(found) >= times:
                return found[-1].group(found[-1].lastindex or 0)
            if any(process.poll() is not None for process in self._processes):
                break
            time.sleep(0.05)
        logs = "\n".join(f"--- {each.name}\n{each.read_text(errors='replace')}" for each in log.parent.glob("*.log"))
        raise RuntimeError(f"The Spark cluster did not come up; its logs say:\n{logs}")


class Spark:
    """The one Spark session of this process, of the kind that was asked for last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kind: str | None = None
        self._session: SparkSession | None = None
        self._cluster: Cluster | None = None

    def session(self, kind: str) -> SparkSession:
        """A session of a kind, "local" or "cluster". A session of the other kind, and its frames, end."""
        if self._session is None or kind != self._kind:
            self._end_session()
            if kind == "cluster" and self._cluster is None:
                self._cluster = Cluster(self._folder / "cluster")
            self._session, self._kind = self._begin(kind), kind
        return self._session

    def stop(self) -> None:
        self._end_session()
        if self._cluster is not None:
            self._cluster.stop()
            self._cluster = None
        _end_jvm()

    def _begin(self, kind: str) -> SparkSession:
        os.environ.update(_ENV)
        from pyspark.sql import SparkSession

        builder: Any = SparkSession.builder
        settings = {
            "spark.master": self._cluster.master if kind == "cluster" and self._cluster else "local[2]",
            "spark.app.name": f"winback tests, {kind}",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": "1g",
            "spark.driver.extraJavaOptions": _JVM,
            "spark.executor.memory": "512m",
            "spark.executor.extraJavaOptions": _JVM,
            "spark.local.dir": str(self._folder),
            "spark.log.level": "ERROR",
            # both workers have to be there before anything runs, so that every shuffle crosses a process
            "spark.scheduler.minRegisteredResourcesRatio": "1.0",
            "spark.sql.catalogImplementation": "in-memory",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.warehouse.dir": str(self._folder / "warehouse"),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
        if kind == "cluster":
            settings["spark.cores.max"] = str(WORKERS)
        for key, value in settings.items():
            builder = builder.config(key, value)
        session: SparkSession = builder.getOrCreate()
        return session

    def _end_session(self) -> None:
        if self._session is not None:
            self._session.stop()
            self._session = None


def _end_jvm() -> None:
    """End the JVM that PySpark started. It would end by itself when its standard input closes with this process."""
    from pyspark import SparkContext

    gateway: Any = SparkContext._gateway
    if gateway is not None:
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(30)
        SparkContext._gateway = SparkContext._jvm = None
