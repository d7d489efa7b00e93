using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

/// <summary>Every runbook of the app, found by reflection so that none can be forgotten.</summary>
internal static class AllRunbooks
{
    public static IReadOnlyList<Runbook> Current { get; } =
        [.. typeof(Runbook).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Runbook)) && !type.IsAbstract).Select(type => (Runbook)Activator.CreateInstance(type)!)];

    public static Runbook Get(string name) => Current.Single(runbook => runbook.Name == name);
}
