package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"
	"go.opentelemetry.io/otel/trace"

	"spanweir.example/order-service/internal/orders"
)

const schema = `
CREATE TABLE IF NOT EXISTS items (
	sku text PRIMARY KEY,
	price_cents bigint NOT NULL CHECK (price_cents >= 0)
);
CREATE TABLE IF NOT EXISTS orders (
	id text PRIMARY KEY,
	customer_id text NOT NULL,
	customer_tier text NOT NULL,
	sku text NOT NULL REFERENCES items,
	quantity integer NOT NULL CHECK (quantity > 0),
	amount_cents bigint NOT NULL,
	status text NOT NULL,
	created_at timestamptz NOT NULL
)`

// schemaLock is the advisory lock under which one of several starting services creates the tables.
const schemaLock = 0x6f72646572

const connectionIdleMax = 5 * time.Minute

// OpenPostgres connects, creates what tables are missing and fills the catalogue.
// The DSN is a postgres:// URL or keyword=value text, as lib/pq reads them.
func OpenPostgres(ctx context.Context, dsn string, tracer trace.Tracer) (*Database, error) {
	config, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL DSN: %w", err)
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL DSN: %w", err)
	}
	db := sql.OpenDB(connector)
	db.SetConnMaxIdleTime(connectionIdleMax)
	if err := createTables(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("PostgreSQL at %s:%d: %w", config.Host, config.Port, err), db.Close())
	}
	return newDatabase(&postgres{
		db: db, host: config.Host, port: int(config.Port), database: config.Database,
	}, tracer), nil
}

func createTables(ctx context.Context, db *sql.DB) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", schemaLock); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	for _, item := range orders.Catalogue {
		if _, err := tx.ExecContext(ctx,
			"INSERT INTO items (sku, price_cents) VALUES ($1, $2) ON CONFLICT DO NOTHING",
			item.SKU, item.PriceCents); err != nil {
			return err
		}
	}
	return tx.Commit()
}

type postgres struct {
	db       *sql.DB
	host     string
	port     int
	database string
}

func (p *postgres) acquire(ctx context.Context) (session, error) {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return postgresSession{conn}, nil
}

func (p *postgres) resize(connections int) {
	p.db.SetMaxOpenConns(connections)
	p.db.SetMaxIdleConns(connections)
}

func (p *postgres) stats() sql.DBStats { return p.db.Stats() }

func (p *postgres) address() (string, int, string) { return p.host, p.port, p.database }

func (p *postgres) close() error { return p.db.Close() }

func (p *postgres) code(err error) string {
	var answer *pq.Error
	if errors.As(err, &answer) {
		return string(answer.Code)
	}
	return ""
}

type postgresSession struct{ conn *sql.Conn }

// release puts the connection back; its error would only repeat that of the statement.
func (s postgresSession) release() { _ = s.conn.Close() }

func (s postgresSession) Item(ctx context.Context, sku string) (orders.Item, error) {
	item := orders.Item{SKU: sku}
	err := s.conn.QueryRowContext(ctx, selectItem.text, sku).Scan(&item.PriceCents)
	return item, notFound(err)
}

func (s postgresSession) InsertOrder(ctx context.Context, o orders.Order) error {
	_, err := s.conn.ExecContext(ctx, insertOrder.text,
		o.ID, o.CustomerID, o.CustomerTier, o.SKU, o.Quantity, o.AmountCents, string(o.Status), o.CreatedAt)
	return err
}

func (s postgresSession) SetOrderStatus(ctx context.Context, id string, status orders.Status) error {
	result, err := s.conn.ExecContext(ctx, updateOrder.text, id, string(status))
	if err != nil {
		return err
	}
	changed, err := result.RowsAffected()
	if err == nil && changed == 0 {
		return orders.ErrNotFound
	}
	return err
}

func (s postgresSession) Order(ctx context.Context, id string) (orders.Order, error) {
	o := orders.Order{ID: id}
	err := s.conn.QueryRowContext(ctx, selectOrder.text, id).Scan(
		&o.CustomerID, &o.CustomerTier, &o.SKU, &o.Quantity, &o.AmountCents, &o.Status, &o.CreatedAt)
	o.CreatedAt = o.CreatedAt.UTC()
	return o, notFound(err)
}

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return orders.ErrNotFound
	}
	return err
}
