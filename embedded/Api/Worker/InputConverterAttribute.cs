namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Base of the attributes that say how a parameter is made; the app never uses it by itself.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class InputConverterAttribute : Attribute
{
    private protected InputConverterAttribute()
    {
    }
}
