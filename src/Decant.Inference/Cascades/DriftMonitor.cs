using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Decant.Inference.Cascades;

/// <summary>Watches whether requests, and the agreement of student and teacher, stay as they were on the held-out rows. Safe to use from several threads.</summary>
/// <remarks>
/// <para>
/// Requests: after each window of W, the confidences and the lengths are compared with those of the held-out rows by the test of Kolmogorov and Smirnov, the accepted share by Fisher's
/// exact test, each at FalseAlarms / 2 / (tests · Horizon).
/// </para>
/// <para>
/// Agreement: a likelihood ratio of "the risk is 1.5, 2 or 4 times the level", averaged, against "it is the level". While the risk is at most the level this is a supermartingale, so that it
/// reaches 1 / a with probability a at most, however often it is looked at (Ville). It begins anew every AgreementWindow rows, each time with a = FalseAlarms / 2 / Horizon.
/// </para>
/// </remarks>
public sealed partial class DriftMonitor
{
    private readonly Lock _lock = new();
    private readonly CascadePolicy _policy;
    private readonly DriftReference _reference;
    private readonly DriftOptions _options;
    private readonly ILogger? _logger;
    private readonly List<double> _confidences = [];
    private readonly List<double> _lengths = [];
    private readonly AgreementEvidence? _agreement;
    private readonly List<DriftAlarm> _alarms = [];
    private int _local;
    private long _requests;

    /// <summary>A monitor that has seen nothing.</summary>
    /// <param name="policy">The policy, with its reference.</param>
    /// <param name="options">Null: the default ones.</param>
    /// <param name="logger">Gets a warning at each change that is noticed; null: none.</param>
    /// <exception cref="DecantException">The policy has no reference, or an option is out of range.</exception>
    public DriftMonitor(CascadePolicy policy, DriftOptions? options = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        (_policy, _options, _logger) = (policy, (options ?? new()).Checked(), logger);
        _reference = policy.Reference ?? throw new DecantException("DriftMonitor: the policy has no held-out rows to compare with; choose it on some with 'decant cascade'.");
        if (policy is { Threshold: not null, Level: > 0 })
            _agreement = new(policy.Level, _options.AgreementWindow, _options.FalseAlarms / 2 / _options.Horizon);
    }

    /// <summary>Is raised once for each kind of change, on the thread whose request showed it; what a handler throws reaches that request.</summary>
    public event EventHandler<DriftAlarm>? Noticed;

    /// <summary>The changes that were noticed so far, one of each kind at most.</summary>
    public IReadOnlyList<DriftAlarm> Alarms
    {
        get
        {
            lock (_lock)
                return [.. _alarms];
        }
    }

    /// <summary>Counts a request.</summary>
    /// <param name="confidence">The student's confidence, 0 to 1.</param>
    /// <param name="length">The text's length in characters.</param>
    public void Observe(double confidence, int length)
    {
        var raised = new List<DriftAlarm>();
        lock (_lock)
        {
            _requests++;
            _confidences.Add(confidence);
            _lengths.Add(length);
            _local += _policy.IsLocal(confidence) ? 1 : 0;
            if (_confidences.Count == _options.Window)
                CloseWindow(raised);
        }

        Tell(raised);
    }

    /// <summary>Counts a locally answered request that the teacher answered too; these must be drawn at random from the locally answered ones.</summary>
    /// <param name="agrees">Whether the answers are the same.</param>
    public void ObserveAgreement(bool agrees)
    {
        if (_agreement is null)
            return;
        var raised = new List<DriftAlarm>();
        lock (_lock)
        {
            if (_agreement.Add(!agrees))
            {
                Raise(raised, DriftKind.Agreement, _agreement.Seen, string.Create(
                    CultureInfo.InvariantCulture, $"{_agreement.Wrong} of the last {_agreement.Count} locally answered requests that the teacher answered too have another answer; at most {_policy.Level:P1} were to be expected"));
            }
        }

        Tell(raised);
    }

    private void CloseWindow(List<DriftAlarm> raised)
    {
        _confidences.Sort();
        _lengths.Sort();
        var tests = 1 + (_policy.Threshold is null ? 0 : 1) + (_reference.Lengths is null ? 0 : 1);
        var least = _options.FalseAlarms / 2 / tests / _options.Horizon;
        Test(DriftKind.Confidence, TwoSampleTests.KolmogorovSmirnov(_reference.Confidences, _confidences), $"the median confidence is {Median(_confidences):0.###}, of the held-out rows {Median(_reference.Confidences):0.###}");
        if (_policy.Threshold is not null)
            Test(DriftKind.AcceptedShare, TwoSampleTests.Shares(_policy.Accepted, _policy.Rows, _local, _confidences.Count), $"{_local} of {_confidences.Count} requests are answered locally, of the held-out rows {_policy.Accepted} of {_policy.Rows}");
        if (_reference.Lengths is { } lengths)
            Test(DriftKind.Length, TwoSampleTests.KolmogorovSmirnov(lengths, _lengths), $"the median length is {Median(_lengths)} characters, of the held-out rows {Median(lengths)}");
        _confidences.Clear();
        _lengths.Clear();
        _local = 0;

        void Test(DriftKind kind, double p, FormattableString words)
        {
            if (p <= least)
                Raise(raised, kind, _requests, $"{FormattableString.Invariant(words)} (p = {p.ToString("0.0e0", CultureInfo.InvariantCulture)})");
        }
    }

    private static double Median(IReadOnlyList<double> sorted) => sorted[sorted.Count / 2];

    private void Raise(List<DriftAlarm> raised, DriftKind kind, long at, string words)
    {
        if (_alarms.Exists(a => a.Kind == kind))
            return;
        var alarm = new DriftAlarm(kind, at, $"Drift of the {Name(kind)}: {words}. Look at recent requests, and choose the policy again on rows like them.");
        _alarms.Add(alarm);
        raised.Add(alarm);
    }

    private static string Name(DriftKind kind) => kind switch
    {
        DriftKind.Confidence => "confidences",
        DriftKind.AcceptedShare => "accepted share",
        DriftKind.Length => "lengths",
        _ => "agreement with the teacher",
    };

    private void Tell(List<DriftAlarm> raised)
    {
        foreach (var alarm in raised)
        {
            if (_logger is not null)
                LogDrift(_logger, alarm.Message);
            Noticed?.Invoke(this, alarm);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message}")]
    private static partial void LogDrift(ILogger logger, string message);
}
