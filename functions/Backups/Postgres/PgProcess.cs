using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace WhatsOps.Backups;

/// <summary>A client program at work on a database. The password goes by the environment: arguments can be read by every user of the machine.</summary>
internal sealed class PgProcess : IDisposable
{
    private const int MaxComplaint = 2000;

    // Debian and Ubuntu; Azure Linux and Red Hat; Alpine and macOS.
    private static readonly string[] RootFiles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

    private readonly Process _process;
    private readonly string _name;
    private readonly string? _password;
    private readonly Task<string> _complaints;

    private PgProcess(Process process, string name, string? password)
    {
        (_process, _name, _password) = (process, name, password);
        _complaints = ComplaintsAsync();
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Input => _process.StandardInput.BaseStream;

    public static PgProcess Start(string program, NpgsqlConnectionStringBuilder target, bool writes, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var environment = start.Environment;
        // Nothing of the host's own surroundings decides where this goes.
        foreach (var name in environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray()) environment.Remove(name);
        environment["PGHOST"] = target.Host;
        environment["PGPORT"] = target.Port.ToString(CultureInfo.InvariantCulture);
        environment["PGDATABASE"] = target.Database;
        environment["PGUSER"] = target.Username;
        environment["PGPASSWORD"] = target.Password ?? "";
        // No file of a home folder may answer for a missing password.
        environment["PGPASSFILE"] = OperatingSystem.IsWindows() ? "nul" : "/dev/null";
        environment["PGSSLMODE"] = target.SslMode switch { SslMode.VerifyCA => "verify-ca", SslMode.VerifyFull => "verify-full", var mode => mode.ToString().ToLowerInvariant() };
        if ((target.RootCertificate is { Length: > 0 } own ? own : MachineRoots(target.SslMode)) is { } root) environment["PGSSLROOTCERT"] = root;
        environment["PGCONNECT_TIMEOUT"] = "15";
        environment["PGAPPNAME"] = "whatsops";
        environment["LC_ALL"] = "C";
        var process = Process.Start(start) ?? throw new BackupException($"{program} did not start.");
        if (!writes) process.StandardInput.Close();
        KernelPipe.Enlarge(process.StandardOutput.BaseStream);
        return new(process, Path.GetFileNameWithoutExtension(program), target.Password);
    }

    // Npgsql trusts whom the machine trusts; libpq looks into a home folder, finds nothing there, and refuses every server.
    private static string? MachineRoots(SslMode mode) =>
        mode is SslMode.VerifyCA or SslMode.VerifyFull
            ? Environment.GetEnvironmentVariable("SSL_CERT_FILE") is { Length: > 0 } chosen ? chosen : RootFiles.FirstOrDefault(File.Exists)
            : null;

    /// <summary>Waits for the end. Anything but success is a <see cref="BackupException"/> with what the program said.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        var complaint = await _complaints;
        if (_process.ExitCode != 0) throw new BackupException(complaint.Length > 0 ? complaint : $"{_name} ended with code {_process.ExitCode} and said nothing.");
    }

    /// <summary>What it said of its failure, once it has ended; for when its pipe breaks.</summary>
    public async Task<BackupException> ComplaintAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        var complaint = await _complaints;
        return new(complaint.Length > 0 ? complaint : $"{_name} ended with code {_process.ExitCode} before it had read everything.");
    }

    /// <summary>Ends it; its output ends, too.</summary>
    public void Kill()
    {
        try
        {
            if (!_process.HasExited) _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended meanwhile.
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    // Read to the end always: a program whose pipe is full stands still. The last words say why it ended.
    private async Task<string> ComplaintsAsync()
    {
        var words = "";
        while (await _process.StandardError.ReadLineAsync() is { } line)
            // Detail and context quote rows.
            if (!line.StartsWith("DETAIL:", StringComparison.Ordinal) && !line.StartsWith("CONTEXT:", StringComparison.Ordinal) && !line.StartsWith("LINE ", StringComparison.Ordinal))
                words = words.Length + line.Length < MaxComplaint ? $"{words} {line}".Trim() : words;
        return _password is { Length: > 0 } password ? words.Replace(password, "***", StringComparison.Ordinal) : words;
    }
}
