using System.Text.Json.Serialization;

namespace WhatsOps.Fleet;

/// <summary>Languages of the messages to people.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Language>))]
public enum Language
{
    [JsonStringEnumMemberName("en")]
    English,
    [JsonStringEnumMemberName("pt-BR")]
    BrazilianPortuguese,
}
