//! The list of mutations, `tests/mutations.txt`: a block of fields for each, empty lines between
//! them. The file's head says what the fields mean.

use std::fs;
use std::path::Path;

const FIELDS: [&str; 5] = ["rule", "file", "old", "new", "test"];

/// One change that breaks one rule, and the test that must notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mutation {
    /// The rule's number and what becomes of it.
    pub(super) name: String,
    /// The file that is changed, from the root of the checkout.
    pub(super) file: String,
    pub(super) old: String,
    pub(super) new: String,
    pub(super) test: TestName,
}

/// Where a test is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TestName {
    /// The package, which is also its folder.
    pub(super) package: String,
    /// `lib`, or the name of a test target.
    pub(super) target: String,
    /// Modules and function.
    pub(super) path: String,
}

impl TestName {
    /// Whether one program holds both.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        (&self.package, &self.target) == (&other.package, &other.target)
    }
}

/// Reads the list.
///
/// # Errors
/// The file cannot be read, or a line of it is not as it should be; the message names the line.
pub(super) fn read(path: &Path) -> Result<Vec<Mutation>, String> {
    let at = |error: String| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| at(error.to_string()))?;
    parse(&text).map_err(at)
}

fn parse(text: &str) -> Result<Vec<Mutation>, String> {
    let lines = (1_u32..).zip(text.lines()).filter(|(_, line)| !line.starts_with('#'));
    let lines: Vec<(u32, &str)> = lines.collect();
    let blocks = lines.split(|(_, line)| line.is_empty()).filter(|block| !block.is_empty());
    blocks.map(mutation).collect()
}

fn mutation(block: &[(u32, &str)]) -> Result<Mutation, String> {
    let first = block[0].0;
    let mut values: [Option<String>; FIELDS.len()] = Default::default();
    let mut last: Option<&mut String> = None;
    for (number, line) in block {
        if let Some(line) = line.strip_prefix("    ") {
            let text = last.as_mut().ok_or(format!("line {number}: it belongs to no field"))?;
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(line);
            continue;
        }
        let (field, value) = line.split_once(':').ok_or(format!("line {number}: not a field"))?;
        let position = FIELDS.iter().position(|known| *known == field);
        let position = position.ok_or(format!("line {number}: no field `{field}`"))?;
        if values[position].is_some() {
            return Err(format!("line {number}: `{field}` again"));
        }
        last = Some(values[position].insert(value.trim().to_owned()));
    }
    let mut take =
        |field: usize| values[field].take().ok_or(format!("line {first}: no `{}`", FIELDS[field]));
    let [name, file, old, new] = [take(0)?, take(1)?, take(2)?, take(3)?];
    let test = test_name(&take(4)?).ok_or(format!("line {first}: a test is three words"))?;
    if old.is_empty() || old == new {
        return Err(format!("line {first}: nothing is changed"));
    }
    Ok(Mutation { name, file, old, new, test })
}

fn test_name(text: &str) -> Option<TestName> {
    let mut words = text.split(' ').map(str::to_owned);
    let (package, target, path) = (words.next()?, words.next()?, words.next()?);
    words.next().is_none().then_some(TestName { package, target, path })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn root() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn text(path: &str) -> String {
        fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn all() -> Vec<Mutation> {
        let mutations = read(&root().join("tests/mutations.txt")).unwrap();
        assert!(30 <= mutations.len(), "there are mutations: {}", mutations.len());
        mutations
    }

    fn number(mutation: &Mutation) -> &str {
        mutation.name.split(' ').next().unwrap_or_default()
    }

    #[test]
    fn old_texts_occur_once() {
        let mut wrong = Vec::new();
        for Mutation { name, file, old, .. } in all() {
            let is_fast = file.starts_with("kernel/src/") && !file.contains("reference");
            assert!(is_fast, "{name}: {file} is not the fast kernel");
            let times = text(&file).matches(&old).count();
            if times != 1 {
                wrong.push(format!("{name}: {times} times in {file}:\n{old}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn names_are_unique() {
        let mut names = BTreeSet::new();
        for mutation in all() {
            assert!(names.insert(mutation.name.clone()), "{} again", mutation.name);
        }
    }

    #[test]
    fn named_tests_exist() {
        for Mutation { name, test, .. } in all() {
            let mut modules: Vec<&str> = test.path.split("::").collect();
            let function = modules.pop().unwrap();
            modules.retain(|module| *module != "tests");
            let file = match test.target.as_str() {
                "lib" => format!("{}/src/{}.rs", test.package, modules.join("/")),
                target if modules.is_empty() => format!("{}/{target}.rs", test.package),
                target => format!("{}/{target}/{}.rs", test.package, modules.join("/")),
            };
            let source = text(&file);
            let after = source.split("#[test]").skip(1);
            let mut functions =
                after.filter_map(|text| text.split_once("fn ")?.1.split('(').next());
            assert!(functions.any(|found| found == function), "{name}: {file} has no {function}");
        }
    }

    /// What the page says under a number: a paragraph, a row of a table or a chapter.
    fn section<'a>(page: &'a str, number: &str) -> Option<&'a str> {
        if let Some((_, row)) = page.split_once(&format!("\n| {number} |")) {
            return row.lines().next();
        }
        if let Some((_, rule)) = page.split_once(&format!("\n{number} ")) {
            return rule.split("\n\n").next();
        }
        page.split_once(&format!("\n## {number}. "))?.1.split("\n## ").next()
    }

    /// The number 0 stands for what is no rule: how memory is laid out.
    #[test]
    fn a_mutation_names_the_test_of_its_rule() {
        let page = text("kernel/RULES.md");
        for mutation in all().iter().filter(|mutation| number(mutation) != "0") {
            let section = section(&page, number(mutation));
            let section = section.unwrap_or_else(|| panic!("no rule for {}", mutation.name));
            let test = mutation.test.path.rsplit("::").next().unwrap();
            assert!(
                section.contains(&format!("`{test}`")) || section.contains(&format!(": {test}`")),
                "{}: the rule does not name {test}",
                mutation.name
            );
        }
    }

    #[test]
    fn every_rule_has_a_mutation() {
        let page = text("kernel/RULES.md");
        let mutations = all();
        let broken: BTreeSet<&str> = mutations.iter().map(number).collect();
        let mut rules = 0;
        for line in page.lines() {
            let head = line.strip_prefix("| ").unwrap_or(line).split(' ').next();
            let Some(rule) = head.filter(|head| {
                head.contains('.') && head.starts_with(|first: char| first.is_ascii_digit())
            }) else {
                continue;
            };
            rules += 1;
            assert!(broken.contains(rule), "no mutation breaks rule {rule}");
        }
        assert!(60 < rules, "the page's rules were not found");
        for chapter in ["6", "9"] {
            assert!(broken.contains(chapter), "no mutation breaks a rule of §{chapter}");
        }
    }

    #[test]
    fn a_list_is_read() {
        let list = "# head\n\nrule: 1.1 a fault\nfile: a/b.rs\nold: x: y\nnew:\n    z\n      w\n\
                    test: tests rules basics::one\n";
        let test = TestName {
            package: "tests".to_owned(),
            target: "rules".to_owned(),
            path: "basics::one".to_owned(),
        };
        let expected = Mutation {
            name: "1.1 a fault".to_owned(),
            file: "a/b.rs".to_owned(),
            old: "x: y".to_owned(),
            new: "z\n  w".to_owned(),
            test,
        };
        assert_eq!(parse(list), Ok(vec![expected]));
    }

    #[test]
    fn a_bad_list_is_refused_with_the_line() {
        for (text, expected) in [
            ("    x", "line 1: it belongs to no field"),
            ("rule", "line 1: not a field"),
            ("# head\nname: x", "line 2: no field `name`"),
            ("rule: x\nrule: y", "line 2: `rule` again"),
            ("\nrule: x\nold: y", "line 2: no `file`"),
            ("rule: x\nfile: x\nold: x\nnew: y\ntest: a b", "line 1: a test is three words"),
            ("rule: x\nfile: x\nold: x\nnew: x\ntest: a b c", "line 1: nothing is changed"),
        ] {
            assert_eq!(parse(text), Err(expected.to_owned()), "{text}");
        }
    }
}
