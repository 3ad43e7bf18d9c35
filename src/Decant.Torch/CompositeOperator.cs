namespace Decant.Torch;

/// <summary>Several operators that are one to whoever records a program: a layer that other runtimes have as one operator, or that managed code does in parts that depend on the data.</summary>
/// <remarks>Where nobody listens it costs one comparison.</remarks>
internal static class CompositeOperator
{
    /// <summary>Does the work, as one operator.</summary>
    /// <param name="name">Its name, like <c>decant::lstm</c>.</param>
    /// <param name="arguments">All that the result depends on.</param>
    /// <param name="work">Gives the results; called once.</param>
    public static Tensor?[] Call(string name, Arg[] arguments, Func<Tensor?[]> work)
    {
        OperatorListener.NotifyCompositeBegin(name, arguments);
        var results = work();
        OperatorListener.NotifyCompositeEnd(results);
        return results;
    }
}
