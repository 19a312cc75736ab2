//! Faults of a fake that come unscripted: it asks at each step what happens there.

use std::sync::Mutex;

type Oracle<Step, Fault> = Box<dyn FnMut(Step) -> Option<Fault> + Send>;

/// What strikes at a step, if anything; fine until it is set.
pub(crate) struct Weather<Step, Fault>(Mutex<Option<Oracle<Step, Fault>>>);

impl<Step, Fault> Default for Weather<Step, Fault> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<Step, Fault> Weather<Step, Fault> {
    /// From now on `oracle` is asked.
    pub(crate) fn set(&self, oracle: impl FnMut(Step) -> Option<Fault> + Send + 'static) {
        *self.0.lock().unwrap() = Some(Box::new(oracle));
    }

    /// What happens at this step.
    pub(crate) fn at(&self, step: Step) -> Option<Fault> {
        self.0.lock().unwrap().as_mut()?(step)
    }
}
