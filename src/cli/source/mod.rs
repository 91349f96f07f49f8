//! A file of delimited text or JSON Lines that is read run by run, as often as wanted.

mod run;

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

pub(super) use run::{Row, Run, Runs};

use super::Failure;
use crate::error::{Error, Kind};
use crate::record::Hashing;
use crate::table::{self, Chunks, Decoded, Encoding, Format, Grid, Names, Odd, Record};

/// A catalogue of text, its column names read.
pub(super) struct Source {
    file: File,
    name: String,
    reading: table::Reading,
    rows: Rows,
    way: Way,
    encoding: Encoding,
    pub header: Vec<String>,
    /// What was detected rather than declared.
    pub note: Option<String>,
}

/// What a text's rows are.
enum Rows {
    /// Fields with this byte between them.
    Delimited(u8),
    /// JSON objects, a line each, with these names.
    Lines(Names),
}

/// How many bytes of a text are looked at to find out what separates its fields.
const HEADER: u64 = 1 << 18;

/// How a text is read. Each way takes what the one before it cannot.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As it stands, for UTF-8 with ordinary quoting and line ends.
    Bare,
    /// Decoded, with ordinary quoting and line ends.
    Decoded,
    /// Decoded, record by record, with any quoting and line ends.
    Any,
}

impl Source {
    /// Opens a file; `None` where its format is one that is read whole.
    pub fn open(
        path: &Path,
        name: &str,
        reading: &table::Reading,
    ) -> Result<Option<Self>, Failure> {
        reading.check(name)?;
        let rows = match reading.format.unwrap_or_else(|| Format::of_name(name)) {
            Format::Delimited => Rows::Delimited(b','),
            Format::JsonLines => Rows::Lines(Names::default()),
            Format::Workbook | Format::Json | Format::Toml => return Ok(None),
        };
        let file = seekable(path).map_err(|error| {
            Error::new(Kind::File, format!("`{}` cannot be read: {error}", path.display()))
        })?;
        let mut source = Self {
            file,
            name: name.to_owned(),
            reading: reading.clone(),
            rows,
            way: Way::Bare,
            encoding: Encoding::default(),
            header: Vec::new(),
            note: None,
        };
        let mut first = Vec::new();
        let read = source.rewound().and_then(|file| file.take(4).read_to_end(&mut first));
        read.map_err(|error| source.unreadable(&error))?;
        if let Some(encoding) = Encoding::declared(&first, reading.encoding.as_deref())? {
            source.way = if encoding.is_utf8() { Way::Bare } else { Way::Decoded };
            source.encoding = encoding;
        }
        source.begun().map(Some)
    }

    /// The same file, read in the next way.
    pub fn otherwise(mut self) -> Result<Self, Failure> {
        self.turn()?;
        self.begun()
    }

    /// Whether rows are cut before they are read.
    pub fn delimiter(&self) -> Option<u8> {
        match (&self.rows, self.way) {
            (Rows::Delimited(delimiter), Way::Bare | Way::Decoded) => Some(*delimiter),
            _ => None,
        }
    }

    /// How many bytes the file has, as far as that is known.
    pub fn length(&self) -> usize {
        let length = self.file.metadata().map_or(0, |data| data.len());
        usize::try_from(length).unwrap_or(0)
    }

    /// All runs from the beginning; what is read is hashed. [`Odd::Form`] asks for another way.
    pub fn runs<'s>(&'s self, hashing: &'s mut Hashing) -> Result<Runs<'s>, Odd> {
        let (text, line) = self.text(hashing).map_err(Odd::Read)?;
        Ok(match (&self.rows, self.way) {
            (Rows::Lines(names), _) => {
                Runs::Lines(Chunks::of_lines(text, line, names.list().len()), self.is_wary())
            }
            (Rows::Delimited(_), Way::Bare | Way::Decoded) => {
                Runs::Delimited(Chunks::new(text, line))
            }
            (Rows::Delimited(delimiter), Way::Any) => {
                let records = table::Records::new(text, *delimiter, line);
                Runs::Records(0, records.map_err(Odd::Read)?)
            }
        })
    }

    /// Every row of a run, read or not.
    pub fn rows(
        &self,
        run: &mut Run,
        grid: &mut Grid,
        mut each: impl FnMut(Row<'_>),
    ) -> Result<(), Odd> {
        match (run, &self.rows) {
            (Run::Records(_, records), _) => {
                std::mem::take(records).into_iter().map(Row::Record).for_each(each);
            }
            (Run::Delimited(chunk), Rows::Delimited(delimiter)) => {
                let (lines, width) = (RefCell::new(chunk.lines()), self.header.len());
                let rows = chunk.rows(grid, *delimiter)?;
                for raw in rows.iter().skip(usize::from(chunk.number == 0)) {
                    each(Row::Raw(raw, &lines, width));
                }
            }
            (Run::Delimited(chunk) | Run::Lines(chunk), Rows::Lines(names)) => {
                let mut own = names.clone();
                let records = own.records(chunk)?;
                names.is_still(&own)?;
                records.into_iter().map(Row::Record).for_each(each);
            }
            (Run::Lines(_), Rows::Delimited(_)) => {}
        }
        Ok(())
    }

    /// The names of JSON objects, if the rows are some.
    pub fn names(&self) -> Option<&Names> {
        match &self.rows {
            Rows::Lines(names) => Some(names),
            Rows::Delimited(_) => None,
        }
    }

    /// The records of a run.
    pub fn records(&self, run: &mut Run) -> Result<Vec<Record>, Odd> {
        let mut records = Vec::new();
        self.rows(run, &mut Grid::default(), |row| records.push(row.record()))?;
        Ok(records)
    }

    /// What to say of a file that cannot be read, or is not what its encoding says.
    pub fn unreadable(&self, error: &std::io::Error) -> Error {
        match error.kind() {
            std::io::ErrorKind::InvalidData => table::broken(&self.name, error),
            _ => Error::new(Kind::File, format!("`{}` cannot be read: {error}", self.name)),
        }
    }

    /// Reads the column names, in the first way that can.
    fn begun(mut self) -> Result<Self, Failure> {
        while !self.begin()? {
            self.turn()?;
        }
        let lines = matches!(self.rows, Rows::Lines(_));
        let format = if lines { Format::JsonLines } else { Format::Delimited };
        table::check_header(&self.name, format, &self.header)?;
        Ok(self)
    }

    /// Reads the column names; whether this way can.
    fn begin(&mut self) -> Result<bool, Failure> {
        let mut hashing = Hashing::default();
        let failed = |error: std::io::Error| Failure::from(self.unreadable(&error));
        let (text, line) = self.text(&mut hashing).map_err(failed)?;
        let declared = self.reading.delimiter;
        let (rows, header) = match (&self.rows, self.way) {
            (Rows::Delimited(_), Way::Bare | Way::Decoded) => {
                let found = match Chunks::new(text, line).next() {
                    Some(Ok(first)) => table::header(&first, declared),
                    Some(Err(Odd::Read(error))) => return Err(self.unreadable(&error).into()),
                    None | Some(Err(Odd::Form)) => None,
                };
                let Some((header, delimiter)) = found else { return Ok(false) };
                (Rows::Delimited(delimiter), header)
            }
            (Rows::Delimited(_), Way::Any) => {
                let mut text = text;
                let (mut first, mut from) = (Vec::new(), 0);
                // Blank lines may stand before the header.
                while first.get(from..).is_none_or(|new: &[u8]| new.trim_ascii().is_empty()) {
                    from = first.len();
                    let read = text.by_ref().take(HEADER).read_to_end(&mut first);
                    if read.map_err(failed)? == 0 {
                        break;
                    }
                }
                let delimiter = match declared {
                    Some(declared) => table::delimiter(declared)?,
                    None => table::detect(&String::from_utf8_lossy(&first)),
                };
                let text = first.as_slice().chain(text);
                let records = table::Records::new(text, delimiter, line).map_err(failed)?;
                (Rows::Delimited(delimiter), records.header().to_vec())
            }
            (Rows::Lines(_), _) => {
                let mut names = Names::default();
                for run in Runs::Lines(Chunks::of_lines(text, line, 0), self.is_wary()) {
                    match run.and_then(|run| run.learn(&mut names)) {
                        Ok(()) => {}
                        Err(Odd::Form) => return Ok(false),
                        Err(Odd::Read(error)) => return Err(self.unreadable(&error).into()),
                    }
                }
                let header = names.list().to_vec();
                (Rows::Lines(names), header)
            }
        };
        (self.rows, self.header) = (rows, header);
        Ok(true)
    }

    /// Takes the next way.
    fn turn(&mut self) -> Result<(), Failure> {
        let lines = matches!(self.rows, Rows::Lines(_));
        self.way = match self.way {
            Way::Bare => {
                if self.encoding.is_assumed() {
                    self.look()?;
                }
                if lines || !self.encoding.is_utf8() { Way::Decoded } else { Way::Any }
            }
            Way::Decoded if !lines => Way::Any,
            Way::Decoded | Way::Any => {
                let text = format!("`{}` has a line that is too long to be read so", self.name);
                let error = Error::new(Kind::Form, text);
                return Err(error.help("--detail full reads the file whole").into());
            }
        };
        Ok(())
    }

    /// Finds out by its look how the file is encoded.
    fn look(&mut self) -> Result<(), Failure> {
        let mut look = table::Look::default();
        let mut feed = || -> std::io::Result<()> {
            let mut file = BufReader::with_capacity(1 << 16, self.rewound()?);
            loop {
                let piece = file.fill_buf()?;
                if piece.is_empty() {
                    return Ok(());
                }
                look.feed(piece);
                let count = piece.len();
                file.consume(count);
            }
        };
        feed().map_err(|error| self.unreadable(&error))?;
        let encoding = look.encoding();
        self.note = (!encoding.is_utf8()).then(|| encoding.note(&self.name));
        self.encoding = encoding;
        Ok(())
    }

    /// The text behind the mark of its encoding and the lines before the header, and the number of
    /// its first line.
    fn text<'s>(&'s self, hashing: &'s mut Hashing) -> std::io::Result<(Text<'s>, usize)> {
        let mut file = Hashed { file: self.rewound()?, hashing };
        let mark = self.encoding.mark() as u64;
        std::io::copy(&mut file.by_ref().take(mark), &mut std::io::sink())?;
        let text: Text<'_> = match self.way {
            Way::Bare => Box::new(file),
            Way::Decoded | Way::Any => Box::new(Decoded::new(file, self.encoding)),
        };
        let skip = self.reading.skip_lines;
        if skip == 0 {
            return Ok((text, 1));
        }
        let mut text = BufReader::new(text);
        let mut line = 1;
        while line <= skip && text.skip_until(b'\n')? > 0 {
            line += 1;
        }
        Ok((Box::new(text), line))
    }

    /// Whether zero bytes speak against what is only assumed of the encoding.
    fn is_wary(&self) -> bool {
        self.way == Way::Bare && self.encoding.is_assumed()
    }

    fn rewound(&self) -> std::io::Result<&File> {
        let mut file = &self.file;
        file.rewind()?;
        Ok(file)
    }
}

type Text<'s> = Box<dyn Read + Send + 's>;

/// A file that can be read again; what cannot is kept in another one first.
fn seekable(path: &Path) -> std::io::Result<File> {
    let mut file = File::open(path)?;
    if path.is_file() {
        return Ok(file);
    }
    let failed = |error: std::io::Error| {
        let folder = std::env::temp_dir();
        std::io::Error::other(format!("nothing can be kept in `{}`: {error}", folder.display()))
    };
    let mut kept = tempfile::tempfile().map_err(failed)?;
    std::io::copy(&mut file, &mut kept).map_err(failed)?;
    Ok(kept)
}

/// A file that is hashed as it is read.
struct Hashed<'f> {
    file: &'f File,
    hashing: &'f mut Hashing,
}

impl Read for Hashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.hashing.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
