//! The logical structure of a document, for readers that cannot see it.

/// Index of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TagId(pub usize);

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Document,
    Heading,
    Subheading,
    Paragraph,
    Table,
    Row,
    ColumnHeader,
    RowHeader,
    Cell,
    Figure,
}

/// A node of the structure; its children are the nodes naming it as parent, in order.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub role: Role,
    pub parent: Option<TagId>,
    /// Text in place of a picture.
    pub alternative: Option<String>,
}

/// The whole structure; the first node is the document.
#[derive(Debug, Clone)]
pub(crate) struct Tags {
    pub nodes: Vec<Node>,
}

impl Default for Tags {
    fn default() -> Self {
        Self { nodes: vec![Node { role: Role::Document, parent: None, alternative: None }] }
    }
}

impl Tags {
    pub const ROOT: TagId = TagId(0);

    pub fn add(&mut self, parent: TagId, role: Role) -> TagId {
        self.nodes.push(Node { role, parent: Some(parent), alternative: None });
        TagId(self.nodes.len() - 1)
    }

    pub fn describe(&mut self, tag: TagId, text: String) {
        if let Some(node) = self.nodes.get_mut(tag.0) {
            node.alternative = Some(text);
        }
    }
}
