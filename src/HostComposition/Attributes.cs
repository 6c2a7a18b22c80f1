namespace System.Composition;

/// <summary>The base of what exports a fix.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Property, AllowMultiple = true, Inherited = false)]
public class ExportAttribute : Attribute
{
    public ExportAttribute(Type contractType) => ContractType = contractType;

    public Type ContractType { get; }
}

/// <summary>Data about a part.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public class PartMetadataAttribute(string name, object value) : Attribute
{
    public string Name { get; } = name;

    public object Value { get; } = value;
}

/// <summary>One instance of the part is enough.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SharedAttribute() : PartMetadataAttribute("SharingBoundary", null!);
