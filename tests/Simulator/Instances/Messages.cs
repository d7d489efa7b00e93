using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>Messages in the gateway's shape.</summary>
internal static class Messages
{
    /// <summary>The answer of sendText, also the data of send.message.</summary>
    public static object Sent(Gateway gateway, Instance instance, string remoteJid, string text) => new
    {
        key = new { remoteJid, fromMe = true, id = gateway.Random.MessageId() },
        pushName = "Você",
        status = "PENDING",
        message = new { conversation = text },
        contextInfo = new
        {
            mentionedJid = Array.Empty<string>(),
            groupMentions = Array.Empty<string>(),
            ephemeralSettingTimestamp = new { low = gateway.Clock.Now.AddDays(-2).ToUnixTimeSeconds(), high = 0, unsigned = false },
            disappearingMode = new { initiator = 0 }
        },
        messageType = "conversation",
        messageTimestamp = gateway.Clock.Now.ToUnixTimeSeconds(),
        instanceId = instance.Id,
        source = "web"
    };

    /// <summary>The data of messages.upsert: a message of a customer.</summary>
    public static object Received(Gateway gateway, Instance instance, string remoteJid, string text) => new
    {
        key = new { remoteJid, fromMe = false, id = gateway.Random.MessageId() },
        pushName = "Customer",
        status = "DELIVERY_ACK",
        message = new { conversation = text, messageContextInfo = new { deviceListMetadataVersion = 2 } },
        messageType = "conversation",
        messageTimestamp = gateway.Clock.Now.ToUnixTimeSeconds(),
        instanceId = instance.Id,
        source = "android"
    };
}
