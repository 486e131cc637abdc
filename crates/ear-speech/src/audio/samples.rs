//! Where the samples of an MP4 track lie in the file, and when they are shown (ISO/IEC 14496-12, section 8.6).

use super::mp4::Bytes;

/// Most entries kept of one table: chapter tracks have few.
const MOST_ENTRIES: usize = 10_000;

/// The tables of one track as they are written.
#[derive(Default)]
pub(super) struct SampleTable {
    /// Runs of samples of the same length: count, ticks.
    lengths: Vec<(u32, u32)>,
    /// Size of all samples, or of each.
    size: u32,
    sizes: Vec<u32>,
    /// From which chunk on (counted from 1) each chunk holds how many samples.
    chunks: Vec<(u32, u32)>,
    /// Where each chunk lies in the file.
    offsets: Vec<u64>,
}

/// One sample.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sample {
    pub offset: u64,
    pub size: u32,
    /// In ticks of the track's clock.
    pub start: u64,
    pub end: u64,
}

impl SampleTable {
    /// Takes one of the tables; a damaged one ends where the damage begins.
    pub(super) fn take(&mut self, kind: [u8; 4], body: &mut Bytes<'_>) -> Option<()> {
        body.skip(4)?;
        if &kind == b"stsz" {
            self.size = body.u32()?;
        }
        let count = (body.u32()? as usize).min(MOST_ENTRIES);
        for _ in 0..count {
            match &kind {
                b"stts" => self.lengths.push((body.u32()?, body.u32()?)),
                b"stsz" if self.size == 0 => self.sizes.push(body.u32()?),
                b"stsz" => self.sizes.push(self.size),
                b"stsc" => {
                    self.chunks.push((body.u32()?, body.u32()?));
                    body.skip(4)?;
                }
                b"co64" => self.offsets.push(body.u64()?),
                _ => self.offsets.push(u64::from(body.u32()?)),
            }
        }
        Some(())
    }

    /// The first `most` samples in order.
    pub(super) fn samples(&self, most: usize) -> Vec<Sample> {
        let most = most.min(self.sizes.len());
        let mut lengths = self.lengths.iter().flat_map(|(count, ticks)| std::iter::repeat_n(*ticks, *count as usize));
        let mut samples = Vec::new();
        let mut start = 0u64;
        for (index, offset) in self.offsets.iter().enumerate() {
            let runs = self.chunks.iter().take_while(|(first, _)| *first as usize <= index + 1);
            let mut offset = *offset;
            for _ in 0..runs.last().map_or(0, |(_, count)| *count) {
                if samples.len() >= most {
                    return samples;
                }
                let size = self.sizes[samples.len()];
                let end = start.saturating_add(u64::from(lengths.next().unwrap_or(0)));
                samples.push(Sample { offset, size, start, end });
                offset = offset.saturating_add(u64::from(size));
                start = end;
            }
        }
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_found_in_their_chunks() {
        let table = SampleTable {
            lengths: vec![(2, 10), (1, 5)],
            size: 0,
            sizes: vec![100, 50, 20],
            chunks: vec![(1, 2), (2, 1)],
            offsets: vec![1_000, 5_000],
        };
        let sample = |offset, size, start, end| Sample { offset, size, start, end };
        let all = [sample(1_000, 100, 0, 10), sample(1_100, 50, 10, 20), sample(5_000, 20, 20, 25)];
        assert_eq!(table.samples(9), all);
        assert_eq!(table.samples(1), all[..1]);
        assert_eq!(SampleTable::default().samples(9), []);
    }
}
