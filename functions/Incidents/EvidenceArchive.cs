using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace WhatsOps.Incidents;

/// <summary>Packs the parts and their manifest as <c>tar.gz</c>, in memory: the parts are bounded.</summary>
internal static class EvidenceArchive
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static byte[] Json(EvidenceManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, Readable);

    public static async Task<byte[]> PackAsync(EvidenceManifest manifest, IEnumerable<(EvidencePart Part, byte[] Bytes)> parts, CancellationToken cancellation)
    {
        var archive = new MemoryStream();
        await using (var zip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(zip, TarEntryFormat.Pax))
        {
            await AddAsync("manifest.json", Json(manifest));
            foreach (var (part, bytes) in parts.Where(one => one.Part.IsThere)) await AddAsync(part.Name, bytes);

            async Task AddAsync(string name, byte[] bytes)
            {
                using var data = new MemoryStream(bytes, writable: false);
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data, ModificationTime = manifest.CollectedAt }, cancellation);
            }
        }

        return archive.ToArray();
    }
}
