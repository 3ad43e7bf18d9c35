namespace Decant.Compression.Pruning;

/// <summary>How sparse a student is at which update: s·(1 − (1 − p)³), in at most <see cref="Renewals"/> steps (Zhu and Gupta 2017, equation 1, with an initial sparsity of 0).</summary>
/// <param name="options">Begin, end and s.</param>
internal sealed class SparsitySchedule(PruningOptions options)
{
    /// <summary>How often masks are renewed at most: each time all pruned weights are gone through.</summary>
    public const int Renewals = 100;

    /// <summary>Progress of pruning behind an update, from 0 to 1.</summary>
    /// <param name="step">Updates made.</param>
    /// <param name="steps">All updates of the training.</param>
    public double Progress(long step, long steps) => step >= steps ? 1 : Math.Clamp((((double)step / steps) - options.Begin) / (options.End - options.Begin), 0, 1);

    /// <summary>The fraction of zeros behind an update.</summary>
    public double At(long step, long steps) => options.Sparsity * (1 - Math.Pow(1 - Progress(step, steps), 3));

    /// <summary>Whether masks are renewed behind an update.</summary>
    public bool IsDue(long step, long steps) => step > 0 && Level(step, steps) > Level(step - 1, steps);

    /// <summary>Whether the sparsity is reached.</summary>
    public bool IsComplete(long step, long steps) => Progress(step, steps) >= 1;

    private int Level(long step, long steps) => (int)Math.Floor(Progress(step, steps) * Renewals);
}
