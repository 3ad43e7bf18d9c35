namespace Decant.Teachers.Remote;

/// <summary>The key of an API. Its text is in no message: <see cref="ToString"/> says where it comes from.</summary>
internal sealed class RemoteKey
{
    private const string Nothing = "none"; // what is sent to a server that asks for no key
    private readonly string _from;

    private RemoteKey(string secret, string from, bool isSecret) => (Secret, _from, IsSecret) = (secret, from, isSecret);

    /// <summary>The key itself, for the header alone.</summary>
    public string Secret { get; }

    /// <summary>Whether there is a key.</summary>
    public bool IsSecret { get; }

    /// <summary>The key of an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="environment">The value of a variable; null: not set.</param>
    /// <exception cref="RemoteTeacherException">It is missing, or has characters that no key has.</exception>
    public static RemoteKey Of(RemoteEndpoint endpoint, Func<string, string?> environment)
    {
        var said = environment(endpoint.KeyVariable)?.Trim();
        if (string.IsNullOrEmpty(said))
        {
            return endpoint.Address.IsLoopback
                ? new RemoteKey(Nothing, "nowhere: no key is needed", false)
                : throw new RemoteTeacherException(RemoteFault.Key, $"{endpoint.Address}: expected a key in the environment variable {endpoint.KeyVariable}, which is not set. Set it, or name another variable.");
        }

        return said.All(c => c is > ' ' and < '\u007f')
            ? new RemoteKey(said, endpoint.KeyVariable, true)
            : throw new RemoteTeacherException(RemoteFault.Key, $"{endpoint.KeyVariable}: expected a key of an API, one word of letters, digits and signs, came a text with other characters. Copy the key again.");
    }

    /// <summary>A text without the key.</summary>
    public string Redact(string text) => IsSecret ? text.Replace(Secret, "[key]", StringComparison.Ordinal) : text;

    /// <inheritdoc/>
    public override string ToString() => $"the key of {_from}";
}
