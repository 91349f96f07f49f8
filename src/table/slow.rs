//! A reader for tests that hands over few bytes at a time.

use std::io::Read;

/// Bytes, handed over a few at a time.
pub(super) struct Slow<'b> {
    pub bytes: &'b [u8],
    pub step: usize,
}

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.step.min(buffer.len());
        self.bytes.read(buffer.get_mut(..count).unwrap_or_default())
    }
}
