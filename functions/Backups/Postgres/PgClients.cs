using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace WhatsOps.Backups;

/// <summary>
/// Finds the client programs for a server: pg_dump refuses a server that is newer than itself. Looked for in setting <c>PostgresClients</c> (a folder),
/// in the package, where Debian puts each major version, and on the path.
/// </summary>
internal sealed partial class PgClients(IConfiguration configuration)
{
    private const string Debian = "/usr/lib/postgresql";

    /// <summary>The oldest client that is new enough: it writes what the server's own version reads best.</summary>
    /// <exception cref="BackupException">None is new enough; names the package.</exception>
    public async Task<PgClient> ForAsync(int serverMajor, CancellationToken cancellation)
    {
        var clients = await InstalledAsync(cancellation);
        return clients.Where(client => client.Version.Major >= serverMajor).MinBy(client => client.Version) ?? throw new BackupException(
            (clients.Count == 0 ? "No pg_dump is installed here." : $"The server is PostgreSQL {serverMajor}, the newest pg_dump here is {clients.Max(client => client.Version)}; an older one cannot read it.")
            + $" Fix: apt-get install postgresql-client-{serverMajor}, or set PostgresClients to the folder of its programs.", isLasting: true);
    }

    /// <summary>Every client that is found here and answers.</summary>
    public async Task<IReadOnlyList<PgClient>> InstalledAsync(CancellationToken cancellation)
    {
        List<string> folders = configuration["PostgresClients"] is { Length: > 0 } folder ? [folder] : [];
        folders.AddRange(BundledClients.In(AppContext.BaseDirectory));
        if (Directory.Exists(Debian)) folders.AddRange(Directory.GetDirectories(Debian).Select(version => Path.Combine(version, "bin")));
        folders.Add("");
        var clients = new List<PgClient>();
        foreach (var place in folders)
            if (await VersionAsync(place, cancellation) is { } version) clients.Add(new(place, version));
        return clients;
    }

    private static async Task<Version?> VersionAsync(string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.Combine(folder, "pg_dump"), "--version") { RedirectStandardOutput = true, UseShellExecute = false };
        try
        {
            using var process = Process.Start(start);
            if (process is null) return null;
            var text = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            // "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "… 17beta1"
            var match = Number().Match(text);
            return match.Success ? new Version(Part(match, "major"), match.Groups["minor"].Success ? Part(match, "minor") : 0) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static int Part(Match match, string name) => int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)(\.(?<minor>\d+))?", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
