using System.Text.Encodings.Web;
using System.Text.Json;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Runbooks;

/// <summary>Files that tests compare with; WHATSOPS_WRITE_GOLDEN=1 writes them anew, for a person to review.</summary>
internal static class Golden
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(object value) => JsonSerializer.Serialize(value, Readable) + "\n";

    public static void Equal(string path, string actual)
    {
        var file = Path.Combine(Sources.Root, path);
        if (Environment.GetEnvironmentVariable("WHATSOPS_WRITE_GOLDEN") == "1") File.WriteAllText(file, actual);
        Assert.True(File.Exists(file) && File.ReadAllText(file) == actual, $"{path} is stale. Fix: run these tests with WHATSOPS_WRITE_GOLDEN=1 and review the difference.");
    }
}
