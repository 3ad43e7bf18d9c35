using System.Text;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Running;

/// <summary>A rendering under way: what is written, where it is, and what it may still do.</summary>
/// <param name="limits">How much it may do.</param>
/// <param name="now">The time for <c>strftime_now</c>.</param>
internal sealed class RenderState(RenderLimits limits, Func<DateTimeOffset> now)
{
    private readonly StringBuilder _main = new();
    private StringBuilder? _inner; // of a macro or block whose text becomes a value
    private long _steps;
    private int _depth;

    /// <summary>What is being done.</summary>
    public Place At { get; set; }

    /// <summary>The time.</summary>
    public DateTimeOffset Now => now();

    /// <summary>What the generation blocks wrote: begin and end in the text.</summary>
    public List<(int Start, int End)> Generations { get; } = [];

    /// <summary>Whether a generation block wrote into a macro or value, whose place in the text is not known.</summary>
    public bool HasLostGeneration { get; set; }

    /// <summary>How much was written; null: into a value.</summary>
    public int? Written => _inner is null ? _main.Length : null;

    /// <summary>All that was written.</summary>
    public string Text => _main.ToString();

    /// <summary>Goes one level down.</summary>
    /// <exception cref="ValueError">It is too deep, or took too many steps.</exception>
    public void Enter(Place at)
    {
        At = at;
        if (++_depth > limits.Depth)
            throw new ValueError($"more than {limits.Depth} levels within each other; is there a macro that calls itself?");
        Spend(1);
    }

    /// <summary>Comes back up.</summary>
    public void Leave() => _depth--;

    /// <summary>Counts work.</summary>
    /// <exception cref="ValueError">It is too much.</exception>
    public void Spend(long steps)
    {
        _steps += steps;
        if (_steps > limits.Steps)
            throw new ValueError($"the template takes more than {limits.Steps:N0} steps; does a loop go on and on?");
    }

    /// <summary>Counts a text or list that is made or searched.</summary>
    /// <exception cref="ValueError">It is too long, or all together too much.</exception>
    public void SpendOn(long length)
    {
        if (length > limits.Characters)
            throw new ValueError($"a text or list of more than {limits.Characters:N0} parts.");
        Spend(length / 64);
    }

    /// <summary>Writes.</summary>
    public void Write(string text)
    {
        var output = _inner ?? _main;
        SpendOn((long)output.Length + text.Length > limits.Characters ? long.MaxValue : text.Length);
        output.Append(text);
    }

    /// <summary>What is written meanwhile, as a value.</summary>
    public string Captured(Action write)
    {
        var outer = _inner;
        _inner = new StringBuilder();
        write();
        var text = _inner.ToString();
        _inner = outer;
        return text;
    }
}
