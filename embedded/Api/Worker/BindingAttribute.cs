namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Base of everything that binds a parameter or a result.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class BindingAttribute : Attribute
{
    public BindingAttribute()
    {
    }
}
