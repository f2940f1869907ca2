//! The structure tree: what the marks of a page are, and in which order to read them.

use std::collections::{BTreeMap, HashMap};

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary, text_string};

use crate::error::PaperError;
use crate::layout::{Mark, Owner, Role, Shape, TagId, Tags};

/// Where the content of each node stands: page and number on the page.
#[derive(Default)]
pub(crate) struct Places {
    pages: Vec<Vec<TagId>>,
    by_tag: BTreeMap<TagId, Vec<(usize, i64)>>,
    /// How many texts of each node are yet to be written.
    texts: HashMap<TagId, usize>,
}

impl Places {
    pub fn of(pages: &[Vec<Mark>]) -> Self {
        let mut places = Self::default();
        for mark in pages.iter().flatten() {
            if let (Owner::Tag(tag), Shape::Text(_)) = (mark.owner, &mark.shape) {
                *places.texts.entry(tag).or_default() += 1;
            }
        }
        places
    }

    /// Whether more text of the same node follows this mark, which is being written.
    pub fn is_continued(&mut self, mark: &Mark) -> bool {
        let (Owner::Tag(tag), Shape::Text(_)) = (mark.owner, &mark.shape) else { return false };
        let Some(left) = self.texts.get_mut(&tag) else { return false };
        *left = left.saturating_sub(1);
        *left > 0
    }

    pub fn begin_page(&mut self) {
        self.pages.push(Vec::new());
    }

    /// The number under which content of `tag` goes on the current page.
    pub fn add(&mut self, tag: TagId) -> i64 {
        let index = self.pages.len().saturating_sub(1);
        let Some(page) = self.pages.last_mut() else { return 0 };
        let number = i64::try_from(page.len()).unwrap_or(i64::MAX);
        page.push(tag);
        self.by_tag.entry(tag).or_default().push((index, number));
        number
    }
}

/// The standard name of a role.
pub(crate) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Document => "Document",
        Role::Heading => "H1",
        Role::Subheading => "H2",
        Role::Paragraph => "P",
        Role::Table => "Table",
        Role::Row => "TR",
        Role::ColumnHeader | Role::RowHeader => "TH",
        Role::Cell => "TD",
        Role::Figure => "Figure",
    }
}

/// Adds the structure tree to a file whose pages carry the numbers of `places`.
pub(crate) fn add(file: &mut Document, tags: &Tags, places: &Places, language: &str) -> Result<(), PaperError> {
    let pages: Vec<ObjectId> = file.page_iter().collect();
    let root = file.new_object_id();
    let mut tree = Tree::new(file, tags, places, &pages, root);
    tree.add_nodes();
    let parents = tree.parents();
    let document = tree.ids.first().copied().unwrap_or(root);
    let parent_tree = file.add_object(dictionary! { "Nums" => parents });
    let next = i64::try_from(pages.len()).unwrap_or(i64::MAX);
    file.set_object(
        root,
        dictionary! {
            "Type" => "StructTreeRoot",
            "K" => document,
            "ParentTree" => parent_tree,
            "ParentTreeNextKey" => next,
        },
    );
    for (key, page) in (0_i64..).zip(pages) {
        let page = file.get_object_mut(page)?.as_dict_mut()?;
        page.set("StructParents", key);
        page.set("Tabs", "S");
    }
    let catalog = file.catalog_mut()?;
    catalog.set("StructTreeRoot", root);
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    catalog.set("Lang", text_string(language));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    Ok(())
}

struct Tree<'a> {
    file: &'a mut Document,
    tags: &'a Tags,
    places: &'a Places,
    pages: &'a [ObjectId],
    root: ObjectId,
    ids: Vec<ObjectId>,
    children: Vec<Vec<Object>>,
}

impl<'a> Tree<'a> {
    fn new(file: &'a mut Document, tags: &'a Tags, places: &'a Places, pages: &'a [ObjectId], root: ObjectId) -> Self {
        let ids: Vec<ObjectId> = tags.nodes.iter().map(|_| file.new_object_id()).collect();
        let mut children = vec![Vec::new(); ids.len()];
        for (node, id) in tags.nodes.iter().zip(&ids) {
            if let Some(siblings) = node.parent.and_then(|parent| children.get_mut(parent.0)) {
                siblings.push(Object::Reference(*id));
            }
        }
        Self { file, tags, places, pages, root, ids, children }
    }

    fn add_nodes(&mut self) {
        for index in 0..self.ids.len() {
            let (Some(id), Some(element)) = (self.ids.get(index).copied(), self.element(index)) else {
                continue;
            };
            self.file.objects.insert(id, Object::Dictionary(element));
        }
    }

    fn element(&mut self, index: usize) -> Option<Dictionary> {
        let node = self.tags.nodes.get(index)?;
        let parent = node.parent.and_then(|parent| self.ids.get(parent.0));
        let mut element = dictionary! {
            "S" => role_name(node.role),
            "P" => parent.copied().unwrap_or(self.root),
        };
        let mut kids = std::mem::take(self.children.get_mut(index)?);
        if let Some(places) = self.places.by_tag.get(&TagId(index)) {
            let page = places.first().map_or(0, |place| place.0);
            element.set("Pg", self.pages.get(page).copied()?);
            kids.extend(places.iter().filter_map(|place| self.content(page, *place)));
        }
        if let Some(attributes) = attributes(node.role) {
            element.set("A", attributes);
        }
        if let Some(alternative) = &node.alternative {
            element.set("Alt", text_string(alternative));
        }
        match kids.len() {
            0 => {}
            1 => element.set("K", kids.pop()?),
            _ => element.set("K", kids),
        }
        Some(element)
    }

    /// A number on the element's own page, or a reference to another page.
    fn content(&self, own: usize, (page, number): (usize, i64)) -> Option<Object> {
        if page == own {
            return Some(Object::Integer(number));
        }
        let reference = dictionary! {
            "Type" => "MCR",
            "Pg" => self.pages.get(page).copied()?,
            "MCID" => number,
        };
        Some(Object::Dictionary(reference))
    }

    /// For every page the nodes of its content, in the order of their numbers.
    fn parents(&mut self) -> Vec<Object> {
        let mut numbers = Vec::new();
        for (key, page) in (0_i64..).zip(&self.places.pages) {
            let nodes = page.iter().filter_map(|tag| self.ids.get(tag.0).copied());
            let nodes: Vec<Object> = nodes.map(Object::Reference).collect();
            numbers.push(Object::Integer(key));
            numbers.push(Object::Reference(self.file.add_object(nodes)));
        }
        numbers
    }
}

fn attributes(role: Role) -> Option<Dictionary> {
    let scope = match role {
        Role::ColumnHeader => "Column",
        Role::RowHeader => "Row",
        Role::Figure => return Some(dictionary! { "O" => "Layout", "Placement" => "Block" }),
        _ => return None,
    };
    Some(dictionary! { "O" => "Table", "Scope" => scope })
}
