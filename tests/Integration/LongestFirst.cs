using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(WhatsOps.Tests.Integration.LongestFirst))]

namespace WhatsOps.Tests.Integration;

/// <summary>
/// Classes of faults begin first, those that kill real processes before all: they take minutes, and one that began last would run alone on one of two cores. The
/// others come in an order that differs from run to run.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections).OrderBy(collection => Rank(collection.TestCollectionDisplayName))];

    private static int Rank(string name) =>
        !name.Contains(".Faults.", StringComparison.Ordinal) ? 2 : name.Contains("KillTests", StringComparison.Ordinal) || name.Contains("CrashMatrix", StringComparison.Ordinal) ? 0 : 1;
}
