using Decant.Runs.Preparing.ChatTeachers;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;

namespace Decant.Runs.Jobs.Synthesizing;

/// <summary>A client whose first request goes without patience, so that a wrong key or a server that is not there is known at once.</summary>
internal sealed class FirstAloneClient(ChatLine line, RemoteAnswers answers) : DelegatingChatClient(line.Client(answers))
{
    private readonly IChatClient _first = line.Client(answers, isFirst: true);
    private volatile bool _isReached;

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await (_isReached ? base.GetResponseAsync(messages, options, cancellationToken) : _first.GetResponseAsync(messages, options, cancellationToken)).ConfigureAwait(false);
        _isReached = true;
        return response;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _first.Dispose();
        base.Dispose(disposing);
    }
}
