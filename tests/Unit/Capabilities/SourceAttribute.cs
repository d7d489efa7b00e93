namespace WhatsOps.Tests.Capabilities;

/// <summary>Says which finding a test shows of a source in a state; <c>docs/sources.md</c> is made from these.</summary>
/// <param name="source">A row of sources.tsv.</param>
/// <param name="finding">Its kind; <c>none</c>; or, where nothing is a finding, what is told, in words.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SourceAttribute(string source, SourceState state, string finding) : Attribute
{
    public string Source { get; } = source;

    public SourceState State { get; } = state;

    public string Finding { get; } = finding;
}
