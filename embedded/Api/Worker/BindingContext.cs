namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the trigger brought, by name: route values of a request, for example.</summary>
public abstract class BindingContext
{
    protected BindingContext()
    {
    }

    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
