using System.Globalization;
using System.Security.Cryptography;
using Azure;
using WhatsOps.Backups;
using WhatsOps.Blobs;
using WhatsOps.Checklists;
using WhatsOps.Fleet;

namespace WhatsOps.Incidents;

/// <summary>
/// Collects the evidence of an incident (R-243): everything at once, packed, hashed, written once, with who asked for it in the audit trail, and the analysis asked of a person (R-245).
/// It looks and changes nothing.
/// </summary>
internal sealed class EvidenceDesk(ContainerEvidence containers, RecordEvidence records, IBlobStore blobs, IAuditTrail audit, TaskStore tasks, TimeProvider time)
{
    private const int AtOnce = 6;
    private const int MostOfAll = 64 * 1024 * 1024;
    private const int MostOfOne = 4 * 1024 * 1024;
    private const int LeastOfOne = 256 * 1024;

    // Somebody waits, and Azure's front end no longer than 230 s.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(110);
    private static readonly TimeSpan Analysis = TimeSpan.FromDays(3);

    /// <exception cref="ProblemException">409: somebody else did so within the same second; 503: the storage does not take it.</exception>
    public async Task<EvidenceManifest> CollectAsync(FleetSystem system, Operator caller, DateTimeOffset since, string? reason, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var id = EvidencePaths.IdOf(now);
        var path = EvidencePaths.Archive(system.Name, id);
        var parts = await ReadAsync(system, DateTimeOffset.FromUnixTimeSeconds(since.ToUnixTimeSeconds()), cancellation);
        var manifest = new EvidenceManifest(id, system.Name, caller.Name, reason is null ? null : EvidenceMask.Text(reason), since, now, path, null, null, false, [.. parts.Select(one => one.Part)]);
        var archive = await EvidenceArchive.PackAsync(manifest, parts, cancellation);
        manifest = manifest with { Bytes = archive.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(archive)) };
        manifest = await StoreAsync(manifest, archive);
        await audit.RecordAsync(caller.Name, "evidence.collect", system.Name, null, Words(manifest), CancellationToken.None);
        await tasks.AddAsync(
            new(system.Name, "R-245", "incident", id, $"Analyse the evidence {id}: what happened, since when, what was reached. Keep it until that is over", $"Analisar a evidência {id}: o que aconteceu, desde quando, o que foi alcançado. Guardá-la até o fim",
                Analysis, [new("evidence", true, Words(manifest), $"whatsops watch evidence {system.Name} --get {id} --out evidence.tar.gz")]), CancellationToken.None);
        await StoreManifestAsync(manifest);
        return manifest;
    }

    /// <summary>The archive; null: there is none of this id.</summary>
    public async Task<BinaryData?> FindAsync(string system, string id, Operator caller, CancellationToken cancellation)
    {
        if (!EvidencePaths.IsSystem(system) || !EvidencePaths.IsId(id) || await StorageAsync(() => blobs.FindAsync(EvidencePaths.Archive(system, id), cancellation)) is not { } archive) return null;
        await audit.RecordAsync(caller.Name, "evidence.read", system, null, EvidencePaths.Archive(system, id), cancellation);
        return archive;
    }

    private async Task<(EvidencePart Part, byte[] Bytes)[]> ReadAsync(FleetSystem system, DateTimeOffset since, CancellationToken cancellation)
    {
        var watch = system.Watch ?? new();
        var most = Math.Clamp(MostOfAll / Math.Max(1, watch.Containers.Count + watch.Logs.Count), LeastOfOne, MostOfOne);
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var gate = new SemaphoreSlim(AtOnce);
        var sources = EvidenceSource.Shown([.. containers.Sources(watch, since, most), .. records.Sources(system, since)]);
        return await Task.WhenAll(sources.Select(async source =>
        {
            // Records are WhatsOps' own and soon read: engines that hang do not hold them up.
            if (source.IsOwn) return await source.CollectAsync(time, deadline.Token, cancellation);
            await gate.WaitAsync(cancellation);
            try
            {
                return await source.CollectAsync(time, deadline.Token, cancellation);
            }
            finally
            {
                gate.Release();
            }
        }));
    }

    // From here on whoever asked may go away: an archive that is there is noted.
    private Task<EvidenceManifest> StoreAsync(EvidenceManifest manifest, byte[] archive) => StorageAsync(async () =>
    {
        if (!await blobs.PutAsync(manifest.Path, BinaryData.FromBytes(archive), "application/gzip", overwrite: false, CancellationToken.None))
            throw new ProblemException(409, $"Evidence {manifest.Id} of {manifest.System} is there already, and is never written over.", null, "Ask again in a second.");
        return manifest with { IsHeld = await HoldAsync(manifest.Path) };
    });

    // It comes last: where it is, the archive is whole and noted.
    private Task<bool> StoreManifestAsync(EvidenceManifest manifest) => StorageAsync(async () =>
    {
        var path = EvidencePaths.Manifest(manifest.System, manifest.Id);
        await blobs.PutAsync(path, BinaryData.FromBytes(EvidenceArchive.Json(manifest)), "application/json", overwrite: false, CancellationToken.None);
        return manifest.IsHeld && await HoldAsync(path);
    });

    // Evidence without a hold is better than none, and its manifest says so.
    private async Task<bool> HoldAsync(string path)
    {
        try
        {
            return await blobs.HoldAsync(path, CancellationToken.None);
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static async Task<T> StorageAsync<T>(Func<Task<T>> use)
    {
        try
        {
            return await use();
        }
        catch (Exception problem) when (problem is RequestFailedException or AggregateException or InvalidOperationException)
        {
            throw new ProblemException(503, $"Blob Storage does not take or give the evidence: {(problem is InvalidOperationException ? problem.Message : StorageWords.Of(problem) + ".")}", null, "whatsops doctor says how the storage is.");
        }
    }

    private static string Words(EvidenceManifest manifest)
    {
        var missing = manifest.Parts.Count(part => part.Outcome is not (EvidenceOutcome.Collected or EvidenceOutcome.Cut));
        return string.Create(CultureInfo.InvariantCulture, $"{manifest.Path}, {manifest.Parts.Count - missing} parts, {missing} not to be had, SHA-256 {manifest.Sha256}{(manifest.Reason is null ? "" : ": " + manifest.Reason)}");
    }
}
