using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using WhatsOps.Backups;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Backups;

/// <summary>pg_dump and psql as they travel in the package to a host that has neither, made by eng/postgres-clients.</summary>
public sealed class BundledClientsTests : IDisposable
{
    private readonly string package = Directory.CreateTempSubdirectory("whatsops-package-").FullName;

    [Fact]
    public async Task A_real_database_is_dumped_by_the_programs_of_the_package_although_the_zip_lost_their_modes()
    {
        await using var database = await TestDatabase.CreateAsync();
        await BundleAsync();
        await SaidAsync("find", package, "-type", "f", "-exec", "chmod", "644", "{}", "+");

        var folder = Assert.Single(BundledClients.In(package));
        Assert.False(folder.StartsWith(package, StringComparison.Ordinal), folder);
        var clients = new PgClients(new ConfigurationManager { ["PostgresClients"] = folder });
        var major = (await clients.InstalledAsync(default))[0].Version.Major;
        Assert.Equal(folder, (await clients.ForAsync(major, default)).Folder);
        using var dump = new MemoryStream();
        await new PostgresSource(new() { Name = "product", ConnectionString = database.ConnectionString }, new(database.ConnectionString), clients).WriteAsync(dump, default);
        Assert.Contains("PostgreSQL database dump complete", System.Text.Encoding.UTF8.GetString(dump.ToArray()), StringComparison.Ordinal);
        // Copied once per process.
        Assert.Equal(folder, Assert.Single(BundledClients.In(package)));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_programs_of_the_package_take_no_library_from_the_machine()
    {
        await BundleAsync();
        var folder = Assert.Single(BundledClients.In(package));
        Assert.StartsWith(package, folder, StringComparison.Ordinal);
        var lib = Path.Combine(folder, "lib");
        foreach (var program in new[] { "pg_dump", "psql" })
        {
            var used = await SaidAsync(Path.Combine(lib, "ld-linux-x86-64.so.2"), "--library-path", lib, "--list", Path.Combine(lib, program));
            var places = used.Split('\n').Where(line => line.Contains("=>", StringComparison.Ordinal)).Select(line => line.Split("=>")[1].Trim()).ToArray();
            Assert.NotEmpty(places);
            Assert.All(places, place => Assert.StartsWith(package, place, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_package_without_clients_has_none() => Assert.Empty(BundledClients.In(package));

    public void Dispose() => Directory.Delete(package, recursive: true);

    private async Task BundleAsync()
    {
        // The server's own programs: these tests need one that can dump the test server.
        await TestServers.PostgresAsync();
        var newest = Directory.GetDirectories("/usr/lib/postgresql").MaxBy(folder => int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture))!;
        await SaidAsync(Path.Combine(Repository.Root, "eng", "postgres-clients"), Path.Combine(package, "tools", "pg"), Path.Combine(newest, "bin"));
    }

    private static async Task<string> SaidAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return said;
    }
}
