namespace WhatsOps.Simulator.TaktChat;

/// <summary>A user of a simulated TaktChat.</summary>
public sealed class TaktChatUser(int company, string email, string password)
{
    public int Company => company;

    public string Email => email;

    public string Password { get; set; } = password;

    /// <summary>Why a login is refused although the password is right, as status and error; null: it is not.</summary>
    public (int Status, string Error)? Refusal { get; set; }

    /// <summary>May restart and delete.</summary>
    public bool IsAdmin { get; set; } = true;

    /// <summary>How often it was logged in: each disconnects the other tabs of the user.</summary>
    public int Logins { get; internal set; }

    /// <summary>Authenticated calls: each writes the user's row.</summary>
    public int Calls { get; internal set; }
}
