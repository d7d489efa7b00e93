using System.Globalization;

namespace WhatsOps.Cli.Api;

/// <summary>How far a running set is.</summary>
internal sealed record BackupProgressView(string Part, long Bytes, long? Expected, double? SecondsLeft)
{
    public string Words => string.Create(CultureInfo.InvariantCulture,
        $"{Part}: {Bytes / 1e6:N1} MB{(Expected is { } expected ? $" of about {expected / 1e6:N1} MB" : "")}{(SecondsLeft is { } left ? $", {left:0} s left" : "")}");
}
