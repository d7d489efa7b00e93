using System.Security.Cryptography;
using CsCheck;
using Microsoft.Extensions.Configuration;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

public sealed class SecretProtectorTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"whatsops-key-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_is_protected_comes_back_and_never_looks_the_same_twice()
    {
        var protector = With(Key(1));
        Gen.String.Sample(secret =>
        {
            var envelope = protector.Protect(secret, "webhook/revalya/acme");
            return protector.Unprotect(envelope, "webhook/revalya/acme") == Normal(secret) && !envelope.SequenceEqual(protector.Protect(secret, "webhook/revalya/acme"));
        }, iter: 200);
    }

    [Fact]
    public void Another_context_or_one_changed_bit_does_not_open()
    {
        var protector = With(Key(1));
        var envelope = protector.Protect("secret", "webhook/revalya/acme");

        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(envelope, "webhook/revalya/acme2"));
        Gen.Int[0, envelope.Length - 1].Sample(index =>
        {
            var changed = envelope.ToArray();
            changed[index] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(changed, "webhook/revalya/acme"));
        }, iter: 200);
        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect([], "webhook/revalya/acme"));
    }

    [Fact]
    public void A_rotated_key_still_reads_what_the_old_one_wrote_and_the_newest_writes()
    {
        var old = With(Key(1)).Protect("secret", "c");
        var both = With("# rotated", Key(1), "", Key(2));

        Assert.Equal("secret", both.Unprotect(old, "c"));
        var fresh = both.Protect("secret", "c");
        Assert.Equal("secret", With(Key(2)).Unprotect(fresh, "c"));
        Assert.Contains("is not in the key file", Assert.Throws<CryptographicException>(() => With(Key(2)).Unprotect(old, "c")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c2hvcnQ=", "Line 1")]
    [InlineData("not base64", "Line 1")]
    [InlineData("# only a comment", "holds no key")]
    public void A_bad_key_file_is_told_by_line_and_never_quoted(string content, string expected)
    {
        var problem = Assert.Throws<CryptographicException>(() => With(content).Protect("x", "c"));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(content, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        var protector = With(Key(1));
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains("chmod 600", Assert.Throws<CryptographicException>(() => protector.Protect("x", "c")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_settings_and_files_say_what_to_do()
    {
        Assert.Contains("DataKeyFile", Assert.Throws<CryptographicException>(() => Open(null).Protect("x", "c")).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<CryptographicException>(() => Open("/nowhere/data.key").Protect("x", "c")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_holds_the_same_keys_as_a_file_and_wins_over_it()
    {
        var both = Setting($"{Key(1)}, {Key(2)}");
        Assert.Equal("secret", both.Unprotect(With(Key(1)).Protect("secret", "c"), "c"));
        Assert.Equal("secret", With(Key(2)).Unprotect(both.Protect("secret", "c"), "c"));
        var problem = Assert.Throws<CryptographicException>(() => Setting(Key(1) + ",c2hvcnQ=").Protect("x", "c"));
        Assert.StartsWith("Key 2 in setting DataKey", problem.Message, StringComparison.Ordinal);
    }

    private static SecretProtector Setting(string keys) =>
        new(new ConfigurationBuilder().AddInMemoryCollection([new("DataKey", keys), new("DataKeyFile", "/nowhere/data.key")]).Build());

    private static string Key(byte seed) => Convert.ToBase64String(Enumerable.Repeat(seed, 32).ToArray());

    // A lone surrogate is not text; UTF-8 replaces it.
    private static string Normal(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private static SecretProtector Open(string? path) => new(new ConfigurationBuilder().AddInMemoryCollection([new("DataKeyFile", path)]).Build());

    private SecretProtector With(params string[] lines)
    {
        File.WriteAllLines(_path, lines);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return Open(_path);
    }
}
