namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Which compiler diagnostics have to be declared like those of the analyzers.</summary>
public enum CompilerDiagnostics
{
    None,
    Errors,
    Warnings,
    Suggestions,
    All,
}

/// <summary>How closely the tree that a fix built must match the tree that its text parses to.</summary>
public enum CodeActionValidationMode
{
    None,
    SemanticStructure,
    Full,
}

[Flags]
public enum TestBehaviors
{
    None = 0,
    SkipGeneratedCodeCheck = 1,
    SkipSuppressionCheck = 2,
}

[Flags]
public enum CodeFixTestBehaviors
{
    None = 0,
    SkipFixAllInDocumentCheck = 1,
    SkipFixAllInProjectCheck = 2,
    SkipFixAllInSolutionCheck = 4,
    SkipFixAllCheck = SkipFixAllInDocumentCheck | SkipFixAllInProjectCheck | SkipFixAllInSolutionCheck,
    SkipLocalDiagnosticCheck = 8,
}

[Flags]
public enum DiagnosticOptions
{
    None = 0,
    IgnoreAdditionalLocations = 1,
    IgnoreSeverity = 2,
}

[Flags]
public enum DiagnosticLocationOptions
{
    None = 0,
    IgnoreLength = 1,
    InterpretAsMarkupKey = 2,
}

[Flags]
public enum MarkupOptions
{
    None = 0,

    /// <summary>Where several descriptors fit, the first one is meant.</summary>
    UseFirstDescriptor = 1,

    /// <summary><c>$$</c> is text.</summary>
    TreatPositionIndicatorsAsCode = 2,
}

public enum MarkupMode
{
    /// <summary>The sources hold no markup; what looks like it is text.</summary>
    None,

    /// <summary>Markup is removed and declares nothing.</summary>
    Ignore,

    /// <summary>Markup declares diagnostics, except those that a fix claims.</summary>
    IgnoreFixable,

    Allow,
}

public enum StateInheritanceMode
{
    /// <summary>Take over what this state leaves empty, and the expected diagnostics that no fix claims.</summary>
    AutoInherit,

    /// <summary>As <see cref="AutoInherit"/>, with all expected diagnostics.</summary>
    AutoInheritAll,

    Explicit,
}
