using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decant.Bench;

/// <summary>One of those that are compared; waits for the next line while the others work.</summary>
internal interface IBenchPeer : IDisposable
{
    /// <summary>Says a line and waits for the answer.</summary>
    JsonObject Ask(string line, CancellationToken cancellationToken);
}

/// <summary>A process that answers lines.</summary>
internal sealed class BenchPeer : IBenchPeer
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(200);
    private readonly Process _process;
    private readonly string _name;
    private readonly Task<string> _errors;
    private bool _isAborted;

    /// <summary>Starts a process and waits until it says that it is ready.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="start">What to start; its streams are taken over.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="DecantException">It could not be started, or ended at once.</exception>
    public BenchPeer(string name, ProcessStartInfo start, CancellationToken cancellationToken)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute) = (true, true, true, false);
        _name = name;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            Answer(cancellationToken);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public JsonObject Ask(string line, CancellationToken cancellationToken)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Ended(cancellationToken);
        }

        return Answer(cancellationToken);
    }

    /// <summary>Lets it end, and ends it when it does not.</summary>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close(); // the end of its input is the end of its work
        }
        catch (IOException)
        {
        }

        if (!_process.WaitForExit(_isAborted ? TimeSpan.Zero : s_patience))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private JsonObject Answer(CancellationToken cancellationToken)
    {
        try
        {
            var line = _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().GetAwaiter().GetResult() ?? throw Ended(cancellationToken);
            return JsonNode.Parse(line)!.AsObject();
        }
        catch (JsonException)
        {
            throw Ended(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _isAborted = true;
            throw;
        }
    }

    private DecantException Ended(CancellationToken cancellationToken)
    {
        if (!_process.WaitForExit(s_patience))
            _process.Kill(entireProcessTree: true);
        // Ctrl+C reaches the whole group of processes, the others perhaps a moment before this one.
        if (cancellationToken.WaitHandle.WaitOne(s_moment))
            throw new OperationCanceledException(cancellationToken);
        var last = string.Join('\n', _errors.GetAwaiter().GetResult().TrimEnd().Split('\n').TakeLast(5));
        return new DecantException($"bench: {_name} ended, or answered something else than a line of JSON. It said last:\n{last}", ExitCodes.Fault);
    }
}
