package dev.mainstay.queue.sql;

import dev.mainstay.queue.contract.LostAnswerContract.LossyNode;
import dev.mainstay.queue.contract.QueueNode;
import java.util.function.BooleanSupplier;

/** Loses the answers to all commits. */
record LossySqlNode(SqlNode sql) implements LossyNode {

  @Override
  public QueueNode node() {
    return sql;
  }

  @Override
  public void loseWhen(BooleanSupplier happened) {
    sql.lossy().loseWhen(happened);
  }

  @Override
  public int lost() {
    return sql.lossy().lost();
  }
}
