using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace WhatsOps.Embedded.Hosting;

/// <summary>
/// local.settings.json as the Functions Core Tools read it: `Values` become settings (`__` separates sections),
/// `ConnectionStrings` become ConnectionStrings:*. Environment variables win over both.
/// </summary>
internal sealed class LocalSettings : JsonConfigurationProvider
{
    private LocalSettings(JsonConfigurationSource source)
        : base(source)
    {
    }

    public static void AddTo(IConfigurationBuilder builder, string folder)
    {
        if (File.Exists(Path.Combine(folder, "local.settings.json")))
            builder.Add(new SettingsSource { Path = "local.settings.json", FileProvider = new PhysicalFileProvider(folder) });
    }

    public override void Load(Stream stream)
    {
        base.Load(stream);
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in Data)
        {
            if (key.StartsWith("Values:", StringComparison.OrdinalIgnoreCase))
                settings[key["Values:".Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)] = value;
            else if (key.StartsWith("ConnectionStrings:", StringComparison.OrdinalIgnoreCase))
                settings[key] = value;
        }

        Data = settings;
    }

    private sealed class SettingsSource : JsonConfigurationSource
    {
        public override IConfigurationProvider Build(IConfigurationBuilder builder)
        {
            EnsureDefaults(builder);
            return new LocalSettings(this);
        }
    }
}
