namespace WeakRefAnalyzers.Tests;

/// <summary>An object that asks a part of its own for its owner asks for itself.</summary>
public class BackReferenceTests
{
    private const string Parts = """

        class Part
        {
            WeakReference _owner;
            public C Owner { get => _owner?.Target as C; set => _owner = new WeakReference(value); }
        }

        class Given
        {
            readonly WeakReference<C> _owner;
            public Given(int id, C owner) => _owner = new WeakReference<C>(owner);
            public C Owner => _owner.TryGetTarget(out var owner) ? owner : null;
        }
        """;

    [Theory]
    [InlineData("Part _part; void Make() { _part = new Part { Owner = this }; } string M() => _part.Owner.Name;")]
    [InlineData(
        "Part _part; void Make() { _part = new Part { Owner = this }; } void Drop() { _part = null; } string M() => "
            + "this._part.Owner.Name;")]
    [InlineData("Given _part; C() { _part = new Given(1, this); } string M() => _part.Owner.Name;")]
    [InlineData("Part _part; void Make(C c) { _part = new Part { Owner = c }; } string M() => {|WREF101:_part.Owner.Name|};")]
    [InlineData("Part _part; void Make(Part p) { _part = p ?? new Part { Owner = this }; } string M() => {|WREF101:_part.Owner.Name|};")]
    [InlineData("Part _part = new Part(); string M() => {|WREF101:_part.Owner.Name|};")]
    [InlineData("Given _part; C(C other) { _part = new Given(1, other); } string M() => {|WREF101:_part.Owner.Name|};")]
    [InlineData("static Part s_part; void Make() { s_part = new Part { Owner = this }; } string M() => {|WREF101:s_part.Owner.Name|};")]
    [InlineData("Part _part; C _c; void Make() { _part = new Part { Owner = this }; } string M() => {|WREF101:_c._part.Owner.Name|};")]
    public Task OfAPart(string members) => Verify<WeakReadFlowTests.ReadingRules>.Diagnostics(
        "class C { public string Name; " + members + " }" + Parts);
}
