using Microsoft.Extensions.Configuration;
using WhatsOps.Embedded.Hosting;

namespace WhatsOps.Tests.Unit.Embedded;

public sealed class LocalSettingsTests
{
    [Fact]
    public void Values_become_settings_and_what_comes_later_wins()
    {
        var folder = Directory.CreateTempSubdirectory("whatsops-settings-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "local.settings.json"), """
                { "IsEncrypted": false,
                  "Values": { "Plain": "a", "EmbeddedHost__Urls": "http://127.0.0.1:1", "Section:Key": "b", "Overridden": "file" },
                  "ConnectionStrings": { "Main": "c" },
                  "Host": { "LocalHttpPort": 7071 } }
                """);
            var builder = new ConfigurationBuilder();
            LocalSettings.AddTo(builder, folder.FullName);
            var settings = builder.AddInMemoryCollection([new("Overridden", "environment")]).Build();

            Assert.Equal("a", settings["Plain"]);
            Assert.Equal("http://127.0.0.1:1", settings["EmbeddedHost:Urls"]);
            Assert.Equal("b", settings["Section:Key"]);
            Assert.Equal("c", settings.GetConnectionString("Main"));
            Assert.Equal("environment", settings["Overridden"]);
            Assert.Null(settings["IsEncrypted"]);
            Assert.Null(settings["Host:LocalHttpPort"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Without_the_file_nothing_is_added()
    {
        var builder = new ConfigurationBuilder();
        LocalSettings.AddTo(builder, Path.GetTempPath());
        Assert.Empty(builder.Sources);
    }
}
