namespace WhatsOps.Cli.Api;

/// <summary>A path with query parameters; those without a value are left out.</summary>
internal sealed class Query(string path)
{
    private readonly List<string> _parameters = [];

    public Query Add(string name, string? value)
    {
        if (value is not null) _parameters.Add($"{name}={Uri.EscapeDataString(value)}");
        return this;
    }

    public override string ToString() => _parameters.Count == 0 ? path : $"{path}?{string.Join('&', _parameters)}";
}
