//! The lists at hand: which editions there are, which was in force when, and each as a whole.

use std::borrow::Cow;

use super::header::{Header, ListKind};
use super::parse::parse_beside;
use super::siblings::Siblings;
use super::{Base, List, parse_list};
use crate::date::Day;
use crate::error::{Error, Result, nearest};
use crate::table::{Document, shipped};

struct Source {
    header: Header,
    text: Cow<'static, str>,
    /// The list itself, where overlays were stacked by name.
    stacked: Option<List>,
    /// Whether it came with the program, so that a file of the user's may stand in its place.
    comes_along: bool,
}

/// The lists that can be named; only heads are read until one is asked for.
#[derive(Default)]
pub struct Library {
    sources: Vec<Source>,
}

/// The head of a list file: everything before its first table.
fn head(text: &str) -> &str {
    let end = if text.starts_with('[') { Some(0) } else { text.find("\n[") };
    end.map_or(text, |at| text.get(..at + 1).unwrap_or(text))
}

/// What an overlay is called in a stack: editions alone may be called alike.
fn label(header: &Header) -> String {
    let (id, edition) = (&header.id, &header.edition);
    if id.rsplit('/').next() == Some(edition) { id.clone() } else { format!("{id}@{edition}") }
}

/// The errors of an overlay that is put on something else than the base that it names say which.
fn advised(errors: Vec<Error>, file: &str, overlay: &str, names: &[String]) -> Vec<Error> {
    let Ok(Some(base)) = header(file, overlay).map(|header| header.base) else { return errors };
    let base = format!("{}@{}", base.list, base.edition);
    if names.contains(&base) {
        return errors;
    }
    let below = names.last().map_or("", String::as_str);
    let chain = format!(
        "`{file}` is written for `{base}`, and is put on `{below}`: where that is another overlay, \
         name its file before this one, LIST+BASE+{file}"
    );
    let with = |error: Error| {
        let help = error.advice().map_or(chain.clone(), |own| format!("{own}; {chain}"));
        error.help(help)
    };
    errors.into_iter().map(with).collect()
}

/// The header of a list file.
fn header(name: &str, text: &str) -> Result<Header> {
    let document = Document::parse(name, head(text))?;
    Header::read(name, &document.root()?)
}

impl Library {
    /// The lists that come with the program.
    pub fn shipped() -> Result<Self> {
        let mut library = Self::default();
        for file in shipped::lists() {
            library.add(file.name, Cow::Borrowed(file.text))?;
        }
        library.sources.iter_mut().for_each(|source| source.comes_along = true);
        Ok(library)
    }

    /// Adds a list file by its head and gives its full name, `LIST@EDITION`; a list and edition
    /// that comes with the program is replaced.
    ///
    /// An error where another file was added that is the same list and edition and says otherwise.
    pub fn add(&mut self, name: &str, text: Cow<'static, str>) -> Result<String> {
        let header = header(name, &text)?;
        let same = |s: &Source| s.header.id == header.id && s.header.edition == header.edition;
        let full = format!("{}@{}", header.id, header.edition);
        let known = self.sources.iter().find(|source| same(source) && !source.comes_along);
        if let Some(known) = known.filter(|known| known.text != text) {
            let other = &known.header.file;
            let error = Error::usage(format!("`{name}` is `{full}`, as `{other}` is"));
            return Err(error.help("give one of them another `edition`"));
        }
        self.sources.retain(|source| !same(source));
        self.sources.push(Source { header, text, stacked: None, comes_along: false });
        Ok(full)
    }

    /// Stacks overlays on a list, in their order, whatever edition they name as their base, and
    /// gives the full name of the result: `LIST@EDITION+OVERLAY`, each overlay by its list's name,
    /// and by its edition where that name does not end with it.
    ///
    /// An overlay of which a `was` no longer stands in what it is put on is an error with both
    /// places: two that touch the same test cannot both apply. Neither can two of which none names
    /// the other as its base, where they touch one wording, join or open reading, or where one
    /// takes away what the other adds to or changes.
    pub fn stack(
        &mut self,
        base: &str,
        overlays: &[(String, String)],
    ) -> std::result::Result<String, Vec<Error>> {
        let header = self.named(base).map_err(|error| vec![error])?;
        let mut name = format!("{}@{}", header.id, header.edition);
        let mut text = self.text(header).to_owned();
        let below = Base { list: header.id.clone(), edition: header.edition.clone() };
        let mut list = self.list(&header.id, &header.edition)?;
        let mut siblings = Siblings::default();
        let mut names = vec![name.clone()];
        for (file, overlay) in overlays {
            let before = list.clone();
            let mut asked = false;
            let mut base = |_: &Base| {
                asked = true;
                Ok(before.clone())
            };
            list = parse_beside(file, overlay, &mut base, &mut siblings)
                .map_err(|errors| advised(errors, file, overlay, &names))?;
            names.push(format!("{}@{}", list.header.id, list.header.edition));
            if !asked {
                let error = Error::usage(format!("`{file}` stands alone: it changes no list"));
                return Err(vec![error.help("an overlay names its `base`")]);
            }
            let own = label(&list.header);
            if name.split('+').skip(1).any(|known| known == own) {
                let error = Error::usage(format!("two overlays of the stack are `{own}`"));
                return Err(vec![error.help("give one of them another `edition`")]);
            }
            name += &format!("+{own}");
            text += overlay;
        }
        let (id, edition) = name.split_once('@').unwrap_or((&name, ""));
        list.header = Header {
            id: id.to_owned(),
            edition: edition.to_owned(),
            base: Some(below),
            ..list.header
        };
        let header = list.header.clone();
        let same = |s: &Source| s.header.id == header.id && s.header.edition == header.edition;
        self.sources.retain(|source| !same(source));
        let text = text.into();
        self.sources.push(Source { header, text, stacked: Some(list), comes_along: false });
        Ok(name)
    }

    /// The heads of every edition, ordered by list and first day in force.
    pub fn headers(&self) -> Vec<&Header> {
        let mut headers: Vec<&Header> = self.sources.iter().map(|source| &source.header).collect();
        headers
            .sort_by(|a, b| (&a.id, a.in_force, &a.edition).cmp(&(&b.id, b.in_force, &b.edition)));
        headers
    }

    /// The names of the lists, each once, in order.
    pub fn ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.sources.iter().map(|s| s.header.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The edition of a list in force on a day; without a day, the one that nothing has ended.
    pub fn edition(&self, id: &str, day: Option<Day>) -> Option<&Header> {
        let mut of_list = self.headers().into_iter().filter(|header| header.id == id);
        match day {
            Some(day) => of_list.rfind(|header| header.in_force_on(day)),
            None => of_list.rfind(|header| header.until.is_none()),
        }
    }

    /// The edition that `LIST`, `LIST@DAY` or `LIST@EDITION` names.
    pub fn named(&self, name: &str) -> Result<&Header> {
        let (id, rest) = name.split_once('@').map_or((name, None), |(id, rest)| (id, Some(rest)));
        if !self.sources.iter().any(|source| source.header.id == id) {
            let error = Error::usage(format!("there is no list `{id}`"));
            return Err(match nearest(id, self.ids()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("`toolgauge lists` prints them all"),
            });
        }
        let found = match rest {
            None => self.edition(id, None),
            Some(rest) => match rest.parse::<Day>() {
                Ok(day) => self.edition(id, Some(day)),
                Err(_) => self.headers().into_iter().find(|h| h.id == id && h.edition == rest),
            },
        };
        found.ok_or_else(|| {
            let editions = self.headers().into_iter().filter(|header| header.id == id);
            let known: Vec<String> = editions
                .map(|h| match h.in_force {
                    Some(day) => format!("{} (from {day})", h.edition),
                    None => h.edition.clone(),
                })
                .collect();
            let message = match rest {
                Some(rest) => format!("`{id}` has no edition for `{rest}`"),
                None => format!("no edition of `{id}` is in force now"),
            };
            Error::usage(message).help(format!("it has: {}", known.join(", ")))
        })
    }

    /// The control lists in force on a day, or now, ordered by name.
    pub fn in_force(&self, day: Option<Day>) -> Vec<&Header> {
        let ids = self.ids();
        let editions = ids.into_iter().filter_map(|id| self.edition(id, day));
        editions.filter(|header| header.kind == ListKind::ControlList).collect()
    }

    /// A list in one edition, with its overlays applied.
    pub fn list(&self, id: &str, edition: &str) -> std::result::Result<List, Vec<Error>> {
        self.list_below(id, edition, 0)
    }

    fn list_below(
        &self,
        id: &str,
        edition: &str,
        depth: usize,
    ) -> std::result::Result<List, Vec<Error>> {
        let source = self.sources.iter().find(|s| s.header.id == id && s.header.edition == edition);
        let Some(source) = source else {
            let message = format!("there is no edition `{edition}` of a list `{id}`");
            return Err(vec![Error::usage(message).help("`toolgauge lists` prints them all")]);
        };
        if let Some(list) = &source.stacked {
            return Ok(list.clone());
        }
        if depth > 16 {
            return Err(vec![Error::usage(format!("`{id}` ({edition}) is its own base"))]);
        }
        let mut base = |base: &Base| self.list_below(&base.list, &base.edition, depth + 1);
        parse_list(&source.header.file, &source.text, &mut base)
    }

    /// The text of an edition's file, for its hash.
    pub fn text(&self, header: &Header) -> &str {
        let same = |s: &&Source| s.header.id == header.id && s.header.edition == header.edition;
        self.sources.iter().find(same).map_or("", |source| &source.text)
    }

    /// The heads of an edition and of every edition under it, the edition itself first.
    pub fn chain(&self, header: &Header) -> Vec<&Header> {
        let find = |id: &str, edition: &str| {
            let source =
                self.sources.iter().find(|s| s.header.id == id && s.header.edition == edition);
            source.map(|source| &source.header)
        };
        let mut chain: Vec<&Header> = find(&header.id, &header.edition).into_iter().collect();
        while let Some(base) = chain.last().and_then(|last| last.base.as_ref()) {
            match find(&base.list, &base.edition) {
                Some(next) if chain.len() < 16 => chain.push(next),
                _ => break,
            }
        }
        chain
    }
}
