using Decant.Files;

namespace Decant.Hub.HuggingFace;

/// <summary>A token of the hub, and where it was found. Its text is in no message: <see cref="ToString"/> says where it comes from.</summary>
internal sealed class HubToken
{
    private const int MostBytes = 64 << 10;
    private static readonly string[] s_names = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"];

    private HubToken(string secret, string from) => (Secret, From) = (secret, from);

    /// <summary>The token itself, for the header alone.</summary>
    public string Secret { get; }

    /// <summary>Where it stands: a variable or a file.</summary>
    public string From { get; }

    /// <summary>The token of the environment; else that of the file that a login left. Null: there is none.</summary>
    /// <param name="said">What the first of several variables says.</param>
    /// <param name="file">The file of a login.</param>
    /// <exception cref="DecantException">It has characters that no token has, or the file cannot be read.</exception>
    public static HubToken? Of(Func<string[], string?> said, string file)
    {
        foreach (var name in s_names)
            if (said([name]) is { } given)
                return Checked(given, name);
        if (HubSettings.IsTrue(said(["HF_HUB_DISABLE_IMPLICIT_TOKEN"])) || !File.Exists(file))
            return null;
        try
        {
            return System.Text.Encoding.UTF8.GetString(RegularFile.Bytes(file, MostBytes)).Trim() is { Length: > 0 } stored ? Checked(stored, file) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"The token in {file} cannot be read: {error.Message} Make it readable, or give the token as HF_TOKEN.", ExitCodes.Machine, error);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"the token of {From}";

    private static HubToken Checked(string text, string from) => text.All(c => c is > ' ' and < '\u007f')
        ? new HubToken(text, from)
        : throw new DecantException($"{from}: expected a token of the hub, one word of letters, digits and '_', came a text with other characters. Copy the token again from https://huggingface.co/settings/tokens.");
}
