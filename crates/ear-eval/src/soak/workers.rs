//! Processes that go on beside: a server, and workers that come and are killed.

use super::program::Program;
use crate::random::Random;
use crate::usage;
use anyhow::Result;
use std::process::Child;

/// Workers at the same time, at most; the server works as well.
const MOST: usize = 2;

/// The server and the workers.
pub struct Workers {
    server: Child,
    workers: Vec<Child>,
    started: usize,
    /// Most memory that a worker held, in MB.
    pub worker_peak_mb: f64,
    /// Memory of the server at the end of each round, in MB.
    pub server_mb: Vec<f64>,
}

impl Workers {
    /// Starts the server.
    ///
    /// # Errors
    /// If it can't be started.
    pub fn start(program: &Program) -> Result<Self> {
        let server = program.start(&["serve", "--listen", "127.0.0.1:0"], "server")?;
        Ok(Self { server, workers: Vec::new(), started: 0, worker_peak_mb: 0.0, server_mb: Vec::new() })
    }

    /// Adds a worker; whether there was room for one.
    ///
    /// # Errors
    /// If it can't be started.
    pub fn add(&mut self, program: &Program) -> Result<bool> {
        if self.workers.len() >= MOST {
            return Ok(false);
        }
        self.started += 1;
        let name = format!("worker-{}", self.started);
        self.workers.push(program.start(&["work", "--keep-going", "--threads", "1"], &name)?);
        Ok(true)
    }

    /// Kills a worker without a warning (SIGKILL); whether there was one.
    ///
    /// # Errors
    /// If it can't be killed.
    pub fn kill(&mut self, random: &mut Random) -> Result<bool> {
        if self.workers.is_empty() {
            return Ok(false);
        }
        let mut worker = self.workers.swap_remove(random.below(self.workers.len()));
        self.worker_peak_mb = self.worker_peak_mb.max(usage::peak_mb_of(worker.id()).unwrap_or_default());
        let killed = worker.kill();
        worker.wait()?;
        killed?;
        Ok(true)
    }

    /// Notes the memory of all; names those that ended by themselves.
    ///
    /// # Errors
    /// If a process can't be asked.
    pub fn look(&mut self) -> Result<Vec<String>> {
        let mut ended = Vec::new();
        let mut left = Vec::new();
        for mut worker in self.workers.drain(..) {
            match worker.try_wait()? {
                Some(status) => ended.push(format!("a worker ended by itself with {status}")),
                None => {
                    self.worker_peak_mb = self.worker_peak_mb.max(usage::peak_mb_of(worker.id()).unwrap_or_default());
                    left.push(worker);
                }
            }
        }
        self.workers = left;
        match self.server.try_wait()? {
            Some(status) => ended.push(format!("the server ended by itself with {status}")),
            None => self.server_mb.push(usage::memory_mb_of(self.server.id())?),
        }
        Ok(ended)
    }

    /// Most memory that the server held, in MB.
    pub fn server_peak_mb(&self) -> Option<f64> {
        usage::peak_mb_of(self.server.id()).ok()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for child in self.workers.iter_mut().chain([&mut self.server]) {
            // One that has ended already can't be killed, and need not be.
            if child.kill().is_ok() && child.wait().is_err() {
                eprintln!("process {} could not be waited for", child.id());
            }
        }
    }
}
