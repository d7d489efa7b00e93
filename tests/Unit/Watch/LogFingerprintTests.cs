using CsCheck;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

public sealed class LogFingerprintTests
{
    private static readonly Gen<string> Phones =
        from start in Gen.OneOf("55", "+55", "+55 ", "(11) ", "")
        from digits in Gen.Char['0', '9'].Array[8, 11]
        from end in Gen.OneOf("", "@s.whatsapp.net", "@c.us", " ")
        select start + new string(digits) + end;

    private static readonly Gen<string> Lines = Gen.OneOf(
        Gen.String, Phones, Gen.OneOf(
            "\"", "'", "`", "…", "#", "***", "Bearer abcdefghijklmnop1", "password=hunter22", "deadbeef", "0x1F", "a@b.c", "٣", "²", "😀", "deadbe9", "_", ": ", "=", "-", "postgres://u:p@h",
            "8a6e0804-2bd0-4672-b79d-d97027f9071a", "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abcdefg")).Array[0, 12].Select(string.Concat);

    [Theory]
    [InlineData("Timeout after 3000 ms for job 17", "Timeout after # ms for job #")]
    [InlineData("duplicate key (id)=(8a6e0804-2bd0-4672-b79d-d97027f9071a)", "duplicate key (id)=(#)")]
    [InlineData("relation \"contacts_42\" does not exist", "relation \"…\" does not exist")]
    [InlineData("cannot send to 5511987654321@s.whatsapp.net", "cannot send to ***")]
    [InlineData("login of ana.silva@example.com failed", "login of …@… failed")]
    [InlineData("connect postgres://app:s3cret@db:5432/app refused", "connect ***db:#/app refused")]
    [InlineData("at 0x7ffee3 in deadbeef01 of facade", "at # in # of facade")]
    public void What_differs_from_line_to_line_is_taken_out(string message, string expected) => Assert.Equal(expected, LogFingerprint.Of(message));

    [Fact]
    public void A_fingerprint_is_its_own_and_holds_no_digit() => Lines.Sample(line =>
    {
        var fingerprint = LogFingerprint.Of(line);
        Assert.Equal(fingerprint, LogFingerprint.Of(fingerprint));
        Assert.DoesNotContain(fingerprint, char.IsNumber);
        Assert.InRange(fingerprint.Length, 0, 200);
    }, iter: 20_000);

    [Fact]
    public void Half_a_secret_at_the_cut_is_hidden_too()
    {
        var secret = "sk-abcdefghijklmnopqrstuvwx";
        for (var before = 170; before < 205; before++)
            Assert.DoesNotContain("sk-", LogFingerprint.Of(new string('x', before) + " " + secret), StringComparison.Ordinal);
    }

    [Theory]
    [Capability("R-324"), Capability("R-377")]
    [InlineData("Authorization: Bearer abcdefghijklmnopqrst", "bearer token")]
    [InlineData("{\"password\":\"hunter22\"}", "password or key")]
    [InlineData("EVOLUTION_API_KEY=B6D711FCDE4D4FD5936544120E713976", "password or key")]
    [InlineData("redis://:longpassword@redis:6379", "address with a password")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----", "private key")]
    [InlineData("key AKIAIOSFODNN7EXAMPLE", "access key")]
    [InlineData("t eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJl", "token (JWT)")]
    [InlineData("sent to 5511987654321", "phone number")]
    [InlineData("sent to +55 (11) 98765-4321", "phone number")]
    [InlineData("from 5511987654321@s.whatsapp.net", "phone number")]
    [InlineData("-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG\\n-----END PRIVATE KEY-----", "private key")]
    [InlineData("{\"instance\":\"acme\",\"token\":\"6E1C0B7E-55D1-4B6B-9D8C-2F5B7A1C9E01\"}", "password or key")]
    [InlineData("body {\\\"instanceToken\\\":\\\"a81f0c2e77\\\"}", "password or key")]
    [InlineData("GET /chat?token=a81f0c2e77&page=2", "password or key")]
    [InlineData("TURBOZAP_TOKEN=abcdefghijklmnopqrstuvwx", "password or key")]
    [InlineData("token expired", null)]
    [InlineData("Invalid token: JsonWebTokenError: jwt expired", null)]
    [InlineData("Unexpected token: } in JSON at position 12345", null)]
    [InlineData("usage tokens: 1234567890x", null)]
    [InlineData("token_type: bearer1234", null)]
    [InlineData("\"token\":\"***\"", null)]
    [InlineData("token=undefined", null)]
    [InlineData("password=***", null)]
    [InlineData("password=[REDACTED]", null)]
    [InlineData("password: required", null)]
    [InlineData("redis://:***@redis:6379", null)]
    [InlineData("sent to *********4321", null)]
    [InlineData("1764111111111 took 5512345678 ns, id 551198765432198765", null)]
    [InlineData("2026-11-25T22:51:38Z INFO started", null)]
    public void Secrets_and_whole_phone_numbers_are_known_by_their_pattern(string line, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], LogLeaks.Find(line));

    [Theory]
    [InlineData(@"key -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END PRIVATE KEY----- and more", "key *** and more")]
    [InlineData("key -----BEGIN EC PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\nMIIE", "key ***")]
    [InlineData("a -----BEGIN RSA PRIVATE KEY-----x-----END RSA PRIVATE KEY----- b -----BEGIN PRIVATE KEY-----y", "a *** b ***")]
    public void Of_a_private_key_the_body_is_hidden_too(string line, string expected) => Assert.Equal(expected, LogLeaks.Hide(line));
}
