using Xunit.v3;

namespace WhatsOps.Tests.Capabilities;

/// <summary>
/// Says which row of the capability list a test shows; <c>docs/capabilities.md</c> is made from these. A test counts for a row with a number only
/// when it asserts both sides of it. Also a trait: <c>-trait "Capability=R-053"</c> runs a row's tests.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CapabilityAttribute(string row) : Attribute, ITraitAttribute
{
    /// <summary>R- and three digits.</summary>
    public string Row { get; } = row;

    /// <summary>The source may be missing in a product: this test shows that its absence opens a finding; another one shows the row with the source.</summary>
    public bool Absent { get; init; }

    /// <summary>No machine can do it: the test shows the human task.</summary>
    public bool HumanTask { get; init; }

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Capability", Row)];
}
