using System.IO.Enumeration;

namespace WhatsOps.Simulator.Faults;

/// <summary>The faults in force, in the order they were set; the first that matches strikes.</summary>
internal sealed class FaultRegistry(SimulatorRandom random)
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];
    private volatile bool any;

    public string Add(Fault fault)
    {
        var id = random.Uuid();
        lock (gate)
        {
            entries.Add(new Entry(id, fault));
            any = true;
        }
        return id;
    }

    /// <summary>Removes one fault, or all of them when no id is given.</summary>
    public void Clear(string? id)
    {
        lock (gate)
        {
            entries.RemoveAll(entry => id is null || entry.Id == id);
            any = entries.Count > 0;
        }
    }

    /// <summary>The fault that strikes this call, other than the webhook faults.</summary>
    public Fault? Match(string method, string path, string? instance) =>
        Find(fault => fault.Kind is not (FaultKind.WebhookRedirect or FaultKind.WebhookSilence), method, path, instance);

    public Fault? Match(FaultKind kind, string method, string path, string? instance) =>
        Find(fault => fault.Kind == kind, method, path, instance);

    private Fault? Find(Func<Fault, bool> suits, string method, string path, string? instance)
    {
        if (!any) return null;
        lock (gate)
            return entries.FirstOrDefault(entry => suits(entry.Fault) && Applies(entry.Fault, method, path, instance) && Strikes(entry))?.Fault;
    }

    private static bool Applies(Fault fault, string method, string path, string? instance) =>
        (fault.Method is null || fault.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (fault.Path is null || FileSystemName.MatchesSimpleExpression(fault.Path, path, ignoreCase: false))
        && (fault.Instance is null || fault.Instance == instance);

    private bool Strikes(Entry entry)
    {
        if (entry.Skipped < entry.Fault.Skip)
        {
            entry.Skipped++;
            return false;
        }
        if (entry.Fault.Count is { } count && entry.Struck >= count) return false;
        if (entry.Fault.Probability < 1 && random.NextDouble() >= entry.Fault.Probability) return false;
        entry.Struck++;
        return true;
    }

    private sealed class Entry(string id, Fault fault)
    {
        public string Id => id;
        public Fault Fault => fault;
        public int Skipped { get; set; }
        public int Struck { get; set; }
    }
}
