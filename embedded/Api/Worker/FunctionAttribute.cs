namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a public method as a function with a name that is unique over the whole app.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
