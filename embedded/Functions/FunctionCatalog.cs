namespace WhatsOps.Embedded.Functions;

/// <summary>Every function of the app, by name.</summary>
internal sealed class FunctionCatalog(IReadOnlyList<FunctionDescriptor> functions)
{
    private readonly Dictionary<string, FunctionDescriptor> byName = functions.ToDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<FunctionDescriptor> All { get; } = functions;

    public bool NeedsDatabase => All.Any(f => f.Kind != TriggerKind.Http || f.NeedsDurable);

    public bool NeedsDurable => All.Any(f => f.Kind is TriggerKind.Orchestration or TriggerKind.Activity || f.NeedsDurable);

    public IEnumerable<FunctionDescriptor> Of(TriggerKind kind) => All.Where(f => f.Kind == kind && !f.IsDisabled);

    public FunctionDescriptor? Find(string name) => byName.GetValueOrDefault(name);
}
