namespace NotebookPersist;

public static partial class tf
{
    public static partial class Train
    {
        /// <summary>Gradient descent with L1 and L2 regularisation by proximal steps.</summary>
        public static Optimizer ProximalGradientDescentOptimizer(Operand learningRate, double l1 = 0, double l2 = 0, string name = "ProximalGradientDescent") =>
            new ProximalGradientDescentOptimizer(learningRate, l1, l2, name: name);

        /// <summary>Adagrad with L1 and L2 regularisation by proximal steps.</summary>
        public static Optimizer ProximalAdagradOptimizer(
            Operand learningRate, double initialAccumulatorValue = 0.1, double l1 = 0, double l2 = 0, string name = "ProximalAdagrad") =>
            new ProximalAdagradOptimizer(learningRate, initialAccumulatorValue, l1, l2, name: name);

        /// <summary>Adagrad by dual averaging.</summary>
        public static Optimizer AdagradDAOptimizer(
            Operand learningRate, Variable globalStep, double initialGradientSquaredAccumulatorValue = 0.1, double l1 = 0, double l2 = 0, string name = "AdagradDA") =>
            new AdagradDAOptimizer(learningRate, globalStep, initialGradientSquaredAccumulatorValue, l1, l2, name: name);
    }
}
