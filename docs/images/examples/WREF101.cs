class Preview(Document document)
{
    private readonly WeakRef<Document> _document = new(document);

    public void Update()
    {
        _document.Deref().Refresh();
    }
}

class Document
{
    public void Refresh() { }
}
