namespace Microsoft.Azure.Functions.Worker;

/// <summary>What is known about a function before it runs.</summary>
public abstract class FunctionDefinition
{
    protected FunctionDefinition()
    {
    }

    public abstract string PathToAssembly { get; }

    /// <summary>Namespace.Class.Method.</summary>
    public abstract string EntryPoint { get; }

    public abstract string Id { get; }

    public abstract string Name { get; }
}
